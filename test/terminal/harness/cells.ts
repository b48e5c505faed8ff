import type { Terminal } from '@xterm/headless';
import { type Cell, cellOf } from './cell.ts';

/** Every cell of a screen, row by row. One that was erased looks like one with a space in it. */
export const cellsOf = (terminal: Terminal): Cell[][] => {
	const { active } = terminal.buffer;
	return Array.from({ length: terminal.rows }, (_, row) => {
		const line = active.getLine(active.baseY + row);
		return Array.from({ length: terminal.cols }, (__, column) => {
			const cell = line?.getCell(column);
			if (cell === undefined) throw new Error(`no cell in column ${column}, row ${row}`);
			const seen = cellOf(cell);
			return seen.text === '' && seen.width === 1 ? { ...seen, text: ' ' } : seen;
		});
	});
};

/** Lets a terminal draw; done when it has. */
export const drawOn = (terminal: Terminal, text: string): Promise<void> =>
	new Promise((resolve) => terminal.write(text, resolve));
