import { constants } from 'node:os';
import { dirname } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { type Cell, cellOf } from './cell.ts';
import { keySequence } from './keys.ts';
import { type Modes, watchModes } from './modes.ts';
import { type Condition, createWaiters } from './waiters.ts';
import { type Widths, widthProvider } from './widths.ts';

const defaultTimeoutMs = 10_000;
const scrollbackLines = 10_000;

export type TerminalOptions = {
	readonly command: string;
	readonly args?: readonly string[];
	/** Added to a small fixed environment: nothing of the test runner's own leaks in. */
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	/** 80x24 unless told. */
	readonly cols?: number;
	readonly rows?: number;
	/** How it counts cells: `old` unless told. */
	readonly widths?: Widths;
	/** As over a slow link: no more than so much is read of what the program writes. */
	readonly bytesPerSecond?: number;
};

export type Exit = { readonly code: number; readonly signal: NodeJS.Signals | null };

export type TestTerminal = {
	readonly pid: number;
	/** Settles after the program's last output is on the screen. */
	readonly exited: Promise<Exit>;
	/** The rows as people see them, without trailing blanks. */
	screen(): string[];
	/** All rows of the normal screen, from the oldest that scrolled away. */
	history(): string[];
	/** The cell in a column and a row of the screen, both from 0. */
	cell(x: number, y: number): Cell;
	cursor(): { readonly x: number; readonly y: number };
	modes(): Modes;
	/** All that the program has written, control sequences included. */
	raw(): string;
	/** All that the terminal itself has sent to the program, as answers to its questions. */
	answers(): string;
	/**
	 * Waits until the screen meets a condition; checks anew after each output.
	 *
	 * @returns the rows that met it
	 * @throws Error that shows the screen, after `timeoutMs` (10 s unless told) or when the program ends
	 */
	waitFor(condition: Condition, timeoutMs?: number): Promise<string[]>;
	/** Presses keys, one write each as a keyboard does: names (`up`, `ctrl-c`) or characters. */
	press(...keys: readonly string[]): void;
	/** Types text as it is, in one write. */
	type(text: string): void;
	/** Pastes text, bracketed when the program has asked for it. */
	paste(text: string): void;
	resize(cols: number, rows: number): void;
	kill(signal?: NodeJS.Signals): void;
	/** Ends the program if it still runs and frees the terminal. */
	dispose(): Promise<void>;
};

/**
 * Runs a program in a pseudo-terminal whose other end is a complete terminal without a window:
 * it draws what the program writes, and answers its queries (device attributes, cursor position).
 */
export const openTerminal = (options: TerminalOptions): TestTerminal => {
	const { command, args = [], env = {}, cols = 80, rows = 24 } = options;
	const { bytesPerSecond = Number.POSITIVE_INFINITY } = options;
	const terminal = new xterm.Terminal({
		cols,
		rows,
		scrollback: scrollbackLines,
		allowProposedApi: true,
	});
	const provider = widthProvider(options.widths ?? 'old');
	if (provider !== null) {
		terminal.unicode.register(provider);
		terminal.unicode.activeVersion = provider.version;
	}
	const modes = watchModes(terminal);
	const pty = spawn(command, [...args], {
		name: 'xterm-256color',
		cols,
		rows,
		cwd: options.cwd ?? process.cwd(),
		env: { ...plainEnvironment(), ...env },
	});

	const rowsFrom = (first: number): string[] => {
		const { active } = terminal.buffer;
		return Array.from(
			{ length: active.baseY + terminal.rows - first },
			(_, row) => active.getLine(first + row)?.translateToString(true) ?? '',
		);
	};
	const screen = (): string[] => rowsFrom(terminal.buffer.active.baseY);
	const waiters = createWaiters(screen);

	let running = true;
	const write = (data: string): void => {
		if (running) pty.write(data);
	};
	const output: string[] = [];
	const take = (data: string): void => {
		output.push(data);
		terminal.write(data, waiters.check);
	};
	pty.onData((data) => {
		if (bytesPerSecond === Number.POSITIVE_INFINITY) {
			take(data);
			return;
		}
		pty.pause();
		const ms = (Buffer.byteLength(data) / bytesPerSecond) * 1000;
		setTimeout(() => {
			take(data);
			pty.resume();
		}, ms);
	});
	const answers: string[] = [];
	terminal.onData((data) => {
		answers.push(data);
		write(data);
	});
	const exited = exitOf(pty).then((exit) => {
		running = false;
		// An empty write is done after all that came before it.
		return new Promise<Exit>((resolve) => {
			terminal.write('', () => {
				waiters.check();
				waiters.end(`the program ended (${exit.signal ?? `code ${exit.code}`})`);
				resolve(exit);
			});
		});
	});
	const kill = (signal: NodeJS.Signals = 'SIGTERM'): void => {
		if (running) pty.kill(signal);
	};

	return {
		pid: pty.pid,
		exited,
		screen,
		history: () => rowsFrom(0),
		cell(x, y) {
			const { active } = terminal.buffer;
			const cell = active.getLine(active.baseY + y)?.getCell(x);
			if (cell === undefined) throw new Error(`no cell in column ${x}, row ${y}`);
			return cellOf(cell);
		},
		cursor: () => ({ x: terminal.buffer.active.cursorX, y: terminal.buffer.active.cursorY }),
		modes,
		raw: () => output.join(''),
		answers: () => answers.join(''),
		waitFor: (condition, timeoutMs = defaultTimeoutMs) => waiters.wait(condition, timeoutMs),
		press(...keys) {
			for (const key of keys) write(keySequence(key, modes().applicationCursorKeys));
		},
		type: write,
		paste: (text) => write(modes().bracketedPaste ? `\x1b[200~${text}\x1b[201~` : text),
		resize(newCols, newRows) {
			terminal.resize(newCols, newRows);
			if (running) pty.resize(newCols, newRows);
		},
		kill,
		async dispose() {
			kill('SIGKILL');
			await exited;
			terminal.dispose();
		},
	};
};

const plainEnvironment = (): Record<string, string> => ({
	PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
	HOME: process.env['HOME'] ?? '/',
	TERM: 'xterm-256color',
	COLORTERM: 'truecolor',
	LANG: 'C.UTF-8',
	TZ: 'UTC',
});

const exitOf = (pty: IPty): Promise<Exit> =>
	new Promise((resolve) => {
		pty.onExit(({ exitCode, signal }) => resolve({ code: exitCode, signal: signalName(signal) }));
	});

const signalName = (number: number | undefined): NodeJS.Signals | null => {
	const names = Object.keys(constants.signals) as NodeJS.Signals[];
	return names.find((name) => constants.signals[name] === number) ?? null;
};
