import { main } from './main.ts';

/** Runs the command line of this process. Its exit code is set, not forced: output drains first. */
export const runProgram = async (): Promise<void> => {
	silenceSqliteWarning();
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		// `signalbox logs JOB | head` closes the pipe; EIO tells that the terminal is gone.
		const signal = error.code === 'EPIPE' ? 'SIGPIPE' : 'SIGHUP';
		// Commands with something to put in order listen for it.
		if (!process.emit(signal, signal)) process.exit(error.code === 'EPIPE' ? 0 : 1);
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
