import { Failure, messageOf } from '../contract/failure.ts';
import { readCommandLine } from './command-line.ts';
import type { CommandEdges } from './edges.ts';
import { commandHelp, programHelp } from './help.ts';
import { version } from './version.ts';

/**
 * Runs a command line and resolves with its exit code. Whatever goes wrong becomes one line on
 * stderr; `--debug` adds where it comes from.
 */
export const main = async (argv: readonly string[], edges: CommandEdges): Promise<number> => {
	try {
		const line = readCommandLine(argv);
		const { command, isNamed, flags } = line;
		if (flags.help) {
			edges.stdout.write(isNamed ? commandHelp(command) : programHelp());
			return 0;
		}
		if (flags.version) {
			edges.stdout.write(`${version}\n`);
			return 0;
		}
		return await command.run(line, edges);
	} catch (error) {
		edges.stderr.write(`${errorText(error, argv.includes('--debug'))}\n`);
		return error instanceof Failure ? error.exitCode : 1;
	}
};

/** An error as a user sees it: a line, and with `debug` its stack and causes. */
export const errorText = (error: unknown, debug: boolean): string => {
	const isExpected = error instanceof Failure;
	const line = `signalbox: ${isExpected ? '' : 'unexpected error: '}${messageOf(error)}`;
	if (!debug) return isExpected ? line : `${line} (--debug shows where)`;
	return [line, ...stacksOf(error)].join('\n');
};

const stacksOf = (error: unknown): string[] =>
	error instanceof Error ? [error.stack ?? '', ...stacksOf(error.cause)] : [];
