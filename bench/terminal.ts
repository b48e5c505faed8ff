import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** The built program, as a user runs it. */
export const program = join(import.meta.dirname, '..', 'dist', 'cli.js');

/** Size of the terminal in which screens are measured. */
export const columns = 160;
export const rows = 48;

export type BenchTerminal = {
	readonly pid: number;
	/** Ms since the epoch at which the program was started. */
	readonly startedAt: number;
	/** All that was written so far, without control sequences. */
	text(): string;
	/**
	 * Waits until a pattern is on the screen, or in what the program wrote.
	 * @returns ms since the epoch at which it came
	 * @throws Error after `timeoutMs`
	 */
	seen(pattern: RegExp, timeoutMs?: number): Promise<number>;
	write(keys: string): void;
	/** What of the screen matches, as soon as something does. */
	shown(pattern: RegExp): Promise<string>;
	/** Settles when the program has ended. */
	readonly ended: Promise<void>;
	/** Kills the program if it still runs. */
	close(): Promise<void>;
};

export type TerminalOptions = {
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly columns?: number;
	/**
	 * Gets the screen after each piece that the program writes, ms since the epoch at which the piece
	 * came, and the piece itself, without control sequences.
	 */
	readonly onText?: (screen: string, at: number, piece: string) => void;
};

/**
 * Runs a program in a pseudo-terminal whose other end is a terminal without a window: it takes what
 * the program writes as fast as it comes, and answers what it asks.
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
	const terminal = new xterm.Terminal({ cols, rows, scrollback: 0, allowProposedApi: true });
	const screen = (): string => {
		const { active } = terminal.buffer;
		return Array.from(
			{ length: rows },
			(_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
		).join('\n');
	};
	const pieces: string[] = [];
	const waiting = new Set<(text: string, at: number) => void>();
	terminal.onData((answer) => {
		if (running) pty.write(answer);
	});
	pty.onData((data) => {
		const at = Date.now();
		const text = stripVTControlCharacters(data);
		pieces.push(text);
		terminal.write(data, () => {
			const shown = screen();
			for (const look of waiting) look(`${shown}\n${text}`, at);
			onText(shown, at, text);
		});
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
				reject(new Error(`${pattern} was not seen within ${timeoutMs} ms:\n${screen()}`));
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
		shown: async (pattern) => pattern.exec(screen())?.[0] ?? (await wait(pattern, 10_000)).found,
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
