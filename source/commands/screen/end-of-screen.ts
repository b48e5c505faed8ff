import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What can end a screen. */
export type EndOfScreen = {
	/** Resolves with an exit code, or rejects with what broke. */
	readonly reached: Promise<number>;
	/** Aborted as soon as the end is reached: a child that has the terminal must give it back. */
	readonly signal: AbortSignal;
	quit(): void;
	crash(error: unknown): void;
	/** Stops listening. */
	close(): void;
};

/**
 * Listens for signals and for errors that nobody caught. Both would otherwise end the process at
 * once, and leave the terminal in raw mode, on the alternate screen, without a cursor.
 */
export const watchForEnd = (): EndOfScreen => {
	const { promise, resolve, reject } = Promise.withResolvers<number>();
	const abort = new AbortController();
	const end = (code: number): void => {
		abort.abort();
		resolve(code);
	};
	const crash = (error: unknown): void => {
		abort.abort();
		reject(error);
	};
	const onSignal = (signal: (typeof signals)[number]): void => end(128 + constants.signals[signal]);
	for (const signal of signals) process.on(signal, onSignal);
	process.on('uncaughtException', crash);
	process.on('unhandledRejection', crash);
	return {
		reached: promise,
		signal: abort.signal,
		quit: () => end(0),
		crash,
		close: () => {
			for (const signal of signals) process.off(signal, onSignal);
			process.off('uncaughtException', crash);
			process.off('unhandledRejection', crash);
		},
	};
};
