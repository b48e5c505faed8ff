import { existsSync } from 'node:fs';
import { messageOf } from '../../contract/failure.ts';
import type { CommandInput } from '../command.ts';
import { type Config, configPath, configSchema, readConfigFile } from '../config.ts';
import type { CommandEdges } from '../edges.ts';
import { jsonText } from '../output.ts';
import { connectionFlagsOf } from '../settings.ts';
import { type Check, type CheckState, fail, ok } from './check.ts';
import { checkAgent } from './check-agent.ts';
import { checkPrograms } from './check-programs.ts';
import { checkServers } from './check-server.ts';
import { checkSshConfig } from './check-ssh-config.ts';
import { checkTerminal } from './check-terminal.ts';

const defaults = configSchema.parse({});
const colours: Readonly<Record<CheckState, number>> = { ok: 32, warn: 33, fail: 31 };

/** `signalbox doctor`: looks at all that signalbox builds on. Exit code 1 when something fails. */
export const doctor = async ({ flags }: CommandInput, edges: CommandEdges): Promise<number> => {
	const { env, stdout } = edges;
	const configuration = await checkConfiguration(env);
	const question = connectionFlagsOf(flags, edges);
	const checks = [
		...(await checkPrograms(env)),
		await checkAgent(configuration.config.forward_agent, env),
		...(await checkSshConfig(env)),
		configuration.check,
		...(await checkServers(question, edges)),
		...(await checkTerminal(edges)),
	];
	const isWell = checks.every(({ state }) => state !== 'fail');
	if (flags.json) stdout.write(jsonText({ ok: isWell, checks }));
	else {
		const { hasColours } = await import('../../ui/render-app.tsx');
		const coloured = flags.color !== false && stdout.isTTY === true && hasColours(stdout);
		stdout.write(checks.map((check) => lineOf(check, coloured)).join(''));
	}
	return isWell ? 0 : 1;
};

const checkConfiguration = async (
	env: NodeJS.ProcessEnv,
): Promise<{ readonly config: Config; readonly check: Check }> => {
	const name = 'configuration';
	const path = configPath(env);
	try {
		const config = await readConfigFile(env);
		return { config, check: ok(name, existsSync(path) ? path : `none; it would be ${path}`) };
	} catch (error) {
		return { config: defaults, check: fail(name, messageOf(error), 'mend or delete the file') };
	}
};

const lineOf = ({ name, state, text, mend }: Check, coloured: boolean): string => {
	const word = state.padEnd(4);
	const mark = coloured ? `\x1b[${colours[state]}m${word}\x1b[0m` : word;
	const hint = mend === null ? '' : `\n${' '.repeat(21)}→ ${mend}`;
	return `${mark}  ${name.padEnd(15)}${text}${hint}\n`;
};
