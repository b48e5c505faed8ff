import { main } from './main.ts';

/** Runs the command line of this process. Its exit code is set, not forced: output drains first. */
export const runProgram = async (): Promise<void> => {
	silenceSqliteWarning();
	// `signalbox logs JOB | head` closes the pipe as soon as it has seen enough.
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		process.exit(error.code === 'EPIPE' ? 0 : 1);
	});
	process.exitCode = await main(process.argv.slice(2), {
		stdin: process.stdin,
		stdout: process.stdout,
		stderr: process.stderr,
		env: process.env,
		cwd: process.cwd(),
		now: Date.now,
	});
};

/** Node 22 calls its SQLite experimental, on every start. */
const silenceSqliteWarning = (): void => {
	const emitWarning = process.emitWarning.bind(process) as (...given: unknown[]) => void;
	process.emitWarning = (...given: unknown[]): void => {
		if (!String(given[0]).startsWith('SQLite is an experimental feature')) emitWarning(...given);
	};
};
