import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { messageOf } from '../../contract/failure.ts';
import { readConfig } from '../../ssh/config-block.ts';
import { defaultKeyDirectory, privateKeyPath } from '../../ssh/key-pair.ts';
import { runTool } from '../../ssh/open-ssh.ts';
import { sshConfigPath } from '../setup.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** The key pair, and who serves the nodes' names in the user's ssh configuration. */
export const checkSshConfig = async (env: NodeJS.ProcessEnv): Promise<Check[]> => [
	checkKeyPair(env),
	await checkBlock(env),
	...(await checkSharing(env)),
];

const checkKeyPair = (env: NodeJS.ProcessEnv): Check => {
	const path = privateKeyPath(defaultKeyDirectory(env));
	if (!existsSync(path)) return ok('key pair', `${path} is made by the first connection`);
	const isOpen = (statSync(path).mode & 0o077) !== 0;
	return isOpen
		? fail('key pair', `${path} can be read by others, so ssh refuses it`, `chmod 600 ${path}`)
		: ok('key pair', path);
};

const checkBlock = async (env: NodeJS.ProcessEnv): Promise<Check> => {
	const name = 'ssh config';
	const path = sshConfigPath(env);
	try {
		const { block, owner } = readConfig(await readFile(path, 'latin1').catch(() => ''), path);
		if (block !== null && owner !== null) {
			return warn(
				name,
				`${path} has the block of signalbox and, in line ${owner.line}, that of ${owner.name}`,
				'keep one: signalbox setup --remove takes ours out',
			);
		}
		if (block !== null) return ok(name, `${path} has the block of signalbox`);
		if (owner !== null)
			return ok(name, `${path}: ${owner.name} serves the nodes, line ${owner.line}`);
	} catch (error) {
		return fail(name, messageOf(error), 'mend the file by hand');
	}
	return warn(name, 'plain ssh, scp, git and editors do not know the nodes', 'signalbox setup');
};

/** A shared connection that was opened without the agent would be used without it. */
const checkSharing = async (env: NodeJS.ProcessEnv): Promise<Check[]> => {
	// A name that no Match block of these tools takes: nothing is signed for it.
	const said = await runTool('ssh', ['-G', 'signalbox-doctor.invalid'], env).catch(() => null);
	if (!/^controlmaster (?!false|no)/m.test(said?.stdout ?? '')) return [];
	const text = 'on; signalbox ssh passes shared connections by, plain ssh takes them as they are';
	return [ok('ControlMaster', text)];
};
