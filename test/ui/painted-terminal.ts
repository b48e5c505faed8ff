import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { openTerminalOutput, type TerminalOutput } from '../../source/ui/terminal-output.ts';
import { drawOn } from '../terminal/harness/cells.ts';

export type PaintedTerminal = {
	/** What a user would see. */
	readonly terminal: xterm.Terminal;
	readonly output: TerminalOutput;
	/** All that was written, write by write. */
	readonly writes: string[];
	/** Bytes as they come from a keyboard. */
	type(text: string): void;
	resize(columns: number, rows: number): void;
	/** Holds back that the terminal has taken what is written, until `release`. */
	hold(): void;
	release(): void;
};

/** A terminal output with a complete terminal at its other end, all in this process. */
export const openPainted = (columns: number, rows: number): PaintedTerminal => {
	const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
	const stdin = Object.assign(new PassThrough(), {
		isTTY: true,
		setRawMode: () => stdin,
		ref: () => stdin,
		unref: () => stdin,
	}) as unknown as NodeJS.ReadStream & PassThrough;
	const stdout = Object.assign(new EventEmitter(), { isTTY: true, columns, rows });
	const writes: string[] = [];
	let held: (() => void)[] | null = null;
	const output = openTerminalOutput({
		stdin,
		stdout: stdout as unknown as NodeJS.WriteStream,
		writer: {
			write(bytes, done) {
				writes.push(bytes.toString());
				const draw = (): void => void drawOn(terminal, bytes.toString()).then(done);
				if (held === null) draw();
				else held.push(draw);
			},
			writeNow: (bytes) => {
				writes.push(bytes.toString());
			},
		},
	});
	terminal.onData((answer) => stdin.write(answer));
	return {
		terminal,
		output,
		writes,
		type: (text) => stdin.write(text),
		resize(nextColumns, nextRows) {
			terminal.resize(nextColumns, nextRows);
			Object.assign(stdout, { columns: nextColumns, rows: nextRows });
			stdout.emit('resize');
		},
		hold() {
			held ??= [];
		},
		release() {
			const drawings = held ?? [];
			held = null;
			for (const draw of drawings) draw();
		},
	};
};
