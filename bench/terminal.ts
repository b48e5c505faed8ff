import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';

/** The built program, as a user runs it. */
export const program = join(import.meta.dirname, '..', 'dist', 'cli.js');

/** Size of the terminal in which screens are measured. */
export const columns = 160;
export const rows = 48;

/** Characters that are read again with what follows: a line may come in two pieces. */
const overlap = 120;

export type BenchTerminal = {
	readonly pid: number;
	/** Ms since the epoch at which the program was started. */
	readonly startedAt: number;
	/** All that was written so far, without control sequences. */
	text(): string;
	/**
	 * Waits until a pattern is in what the program writes from now on, or wrote already.
	 * @returns ms since the epoch at which it came
	 * @throws Error after `timeoutMs`
	 */
	seen(pattern: RegExp, timeoutMs?: number): Promise<number>;
	write(keys: string): void;
	/** Makes the program draw everything anew, and returns what it draws first that matches. */
	redrawn(pattern: RegExp): Promise<string>;
	/** Settles when the program has ended. */
	readonly ended: Promise<void>;
	/** Kills the program if it still runs. */
	close(): Promise<void>;
};

export type TerminalOptions = {
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly columns?: number;
	/**
	 * Gets what is written, without control sequences, and ms since the epoch: each new piece, and
	 * the piece behind the end of the one before it, in which a line may have begun.
	 */
	readonly onText?: (whole: string, at: number, piece: string) => void;
};

/**
 * Runs a program in a pseudo-terminal, and takes what it writes as fast as it comes. Screens write
 * only what has changed of a row, from the first difference on: what is looked for should stand
 * behind something that changes, such as the time of a line.
 */
export const openTerminal = (
	command: string,
	words: readonly string[],
	{ env = {}, columns: cols = columns, onText = () => {} }: TerminalOptions = {},
): BenchTerminal => {
	const startedAt = Date.now();
	const pty = spawn(command, [...words], {
		cols,
		rows,
		env: definedOf({ ...process.env, TERM: 'xterm-256color', ...env }),
	});
	const pieces: string[] = [];
	const waiting = new Set<(text: string, at: number) => void>();
	let before = '';
	pty.onData((data) => {
		const at = Date.now();
		const text = stripVTControlCharacters(data);
		pieces.push(text);
		const whole = before + text;
		before = whole.slice(-overlap);
		for (const look of waiting) look(whole, at);
		onText(whole, at, text);
	});
	let running = true;
	const ended = new Promise<void>((resolve) => {
		pty.onExit(() => {
			running = false;
			resolve();
		});
	});
	const wait = (
		pattern: RegExp,
		timeoutMs: number,
	): Promise<{ readonly at: number; readonly found: string }> =>
		new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				waiting.delete(look);
				reject(new Error(`${pattern} was not seen within ${timeoutMs} ms:\n${before}`));
			}, timeoutMs);
			const look = (text: string, at: number): void => {
				const found = pattern.exec(text);
				if (!found) return;
				clearTimeout(timer);
				waiting.delete(look);
				resolve({ at, found: found[0] });
			};
			waiting.add(look);
		});
	return {
		pid: pty.pid,
		startedAt,
		text: () => pieces.join(''),
		seen: async (pattern, timeoutMs = 60_000) =>
			pattern.test(pieces.join('')) ? Date.now() : (await wait(pattern, timeoutMs)).at,
		redrawn: async (pattern) => {
			before = '';
			const drawn = wait(pattern, 10_000);
			pty.resize(cols - 1, rows);
			return (await drawn).found;
		},
		write: (keys) => {
			if (running) pty.write(keys);
		},
		ended,
		close: async () => {
			if (running) pty.kill('SIGTERM');
			await Promise.race([ended, delay(5_000)]);
			if (running) pty.kill('SIGKILL');
			await ended;
		},
	};
};

const definedOf = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
	Object.fromEntries(
		Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
	);
