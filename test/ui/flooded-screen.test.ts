import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Cell } from '../terminal/harness/cell.ts';
import { openTerminal, type TestTerminal } from '../terminal/harness/open-terminal.ts';

const fixture = join(import.meta.dirname, 'fixtures', 'flooded-screen.mjs');

type Flood = {
	readonly lines: number;
	readonly perSecond: number;
	readonly cols: number;
	readonly rows: number;
	readonly bytesPerSecond?: number;
	readonly env?: Record<string, string>;
};

const open = ({ lines, perSecond, env, ...shape }: Flood): TestTerminal => {
	const terminal = openTerminal({
		command: process.execPath,
		args: ['--expose-gc', fixture],
		env: {
			NODE_ENV: 'production',
			...{ LINES: String(lines), LINES_PER_SECOND: String(perSecond) },
			...env,
		},
		...shape,
	});
	onTestFinished(() => terminal.dispose());
	return terminal;
};

/** What the screen tells of its flood at the end. */
const quit = async (terminal: TestTerminal): Promise<Record<string, number>> => {
	terminal.press('q');
	await terminal.exited;
	return JSON.parse(
		/\{.*\}/.exec(terminal.history().join(''))
			? (/\{.*\}/.exec(terminal.history().join(''))?.[0] ?? '')
			: '{}',
	);
};

const footer = (rows: readonly string[]): string => rows.at(-1) ?? '';
const counted = (lines: number): string => lines.toLocaleString('en').replaceAll(',', ' ');

/** Waits for the last line, and for the screen around it. */
const floodEnds = (terminal: TestTerminal, lines: number): Promise<string[]> =>
	terminal.waitFor(
		(rows) =>
			footer(rows).includes(`${counted(lines)} lines`) &&
			(rows.at(-2) ?? '').includes(`step ${lines} `.trimEnd()),
		60_000,
	);

const cellsOf = (terminal: TestTerminal, cols: number, rows: number): Cell[] =>
	Array.from({ length: cols * rows }, (_, at) => {
		const cell = terminal.cell(at % cols, Math.floor(at / cols));
		return cell.text === '' && cell.width === 1 ? { ...cell, text: ' ' } : cell;
	});

/** Waits for all of the last frame. */
const expectCells = async (terminal: TestTerminal, { cols, rows }: Flood, expected: Cell[]) => {
	const isSame = (): boolean => isDeepStrictEqual(cellsOf(terminal, cols, rows), expected);
	await terminal.waitFor(isSame, 5_000).catch(() => {
		expect(cellsOf(terminal, cols, rows)).toEqual(expected);
	});
};

/** The cells once a flood is over that Ink alone has drawn. */
const drawnByInk = async (flood: Flood, ...keys: string[]): Promise<Cell[]> => {
	const ink = open({ ...flood, env: { ...flood.env, INK: '1' } });
	await floodEnds(ink, flood.lines);
	ink.press(...keys);
	if (keys.length > 0) await ink.waitFor('paused');
	// The rest of the frame may still be on its way.
	let cells = cellsOf(ink, flood.cols, flood.rows);
	for (let before: Cell[] = []; !isDeepStrictEqual(before, cells); ) {
		before = cells;
		await delay(200);
		cells = cellsOf(ink, flood.cols, flood.rows);
	}
	return cells;
};

describe('a slow terminal (64 kbit/s) while the log floods', { timeout: 120_000 }, () => {
	const flood = { lines: 8_000, perSecond: 800, cols: 160, rows: 48, bytesPerSecond: 8_000 };

	test('keys are shown within what it draws in 100 ms, and the rest is dropped', async () => {
		const terminal = open(flood);
		await terminal.waitFor((rows) => footer(rows).includes('lines'), 30_000);
		await terminal.waitFor(/step 1\d\d\d/, 30_000);
		const behind: number[] = [];
		for (const word of ['paused', 'follow', 'paused', 'follow', 'paused', 'follow']) {
			const before = terminal.raw().length;
			terminal.press('space');
			await terminal.waitFor((rows) => footer(rows).includes(word));
			behind.push(terminal.raw().length - before);
			// Long enough for the flood to fill what it can.
			const mark = terminal.raw().length;
			await terminal.waitFor(() => terminal.raw().length > mark + 2_000);
		}
		behind.sort((a, b) => a - b);
		// Bytes, not time: they are the same on a busy machine.
		expect(behind[Math.floor(behind.length / 2)]).toBeLessThanOrEqual(800);
		// What waits in front of a terminal that frames are queued for: 20 000.
		expect(behind.at(-1)).toBeLessThan(6_000);

		await floodEnds(terminal, flood.lines);
		const seen = new Set(terminal.raw().match(/step \d+/g));
		expect(seen.size).toBeLessThan(flood.lines / 2);
		const last = terminal.screen().slice(7, -1);
		expect(last.map((row) => Number(/step (\d+)/.exec(row)?.[1]))).toEqual(
			last.map((_, row) => flood.lines - last.length + 1 + row),
		);
		const { heap = 0, heapMiddle = 0 } = await quit(terminal);
		expect(heap).toBeGreaterThan(0);
		// The log itself grows by 2 MB meanwhile.
		expect(heap - heapMiddle).toBeLessThan(16e6);
	});
});

describe('a terminal while the log floods', { timeout: 120_000 }, () => {
	const flood = { lines: 1_500, perSecond: 500, cols: 100, rows: 30 };

	test('is right after it has grown and shrunk', async () => {
		const last = { ...flood, cols: 132, rows: 43 };
		const expected = await drawnByInk(last);
		const terminal = open(flood);
		await terminal.waitFor(/step \d/);
		for (const [cols, rows] of [
			[60, 10],
			[200, 60],
			[40, 9],
			[80, 24],
			[132, 43],
		] as const) {
			terminal.resize(cols, rows);
			const mark = terminal.raw().length;
			await terminal.waitFor(() => terminal.raw().length > mark);
		}
		await floodEnds(terminal, flood.lines);
		await expectCells(terminal, last, expected);
	});

	test('is right after a program has had it, left margins and no autowrap behind', async () => {
		const expected = await drawnByInk(flood, 'w', 'space');
		const terminal = open(flood);
		await terminal.waitFor(/step \d/);
		for (const [index, word] of ['one', 'two'].entries()) {
			terminal.press('s');
			await terminal.waitFor(`shell ${index + 1}: `);
			expect(terminal.modes().alternateScreen).toBe(false);
			terminal.type(`${word}\r`);
			await terminal.waitFor(/ssh|follow/);
		}
		await floodEnds(terminal, flood.lines);
		terminal.press('w', 'space');
		await terminal.waitFor('paused');
		await expectCells(terminal, flood, expected);
		await quit(terminal);
		// The answers of the terminal were not typed into the shell.
		expect(terminal.history().join('\n')).toMatch(/^<two>$/m);
	});

	test('without colours has none', async () => {
		const dull = { ...flood, lines: 200, env: { NO_COLOR: '1' } };
		const expected = await drawnByInk(dull);
		const terminal = open(dull);
		await floodEnds(terminal, dull.lines);
		await expectCells(terminal, flood, expected);
		expect(expected.every(({ fg, bg }) => fg === null && bg === null)).toBe(true);
	});

	test('is not written to when nothing changes', async () => {
		const terminal = open({ ...flood, lines: 50 });
		await floodEnds(terminal, 50);
		// The seconds are ticking, but the clock of this screen stands.
		await delay(1_200);
		const before = terminal.raw().length;
		await delay(1_200);
		expect(terminal.raw().length).toBe(before);
	});

	test('inside tmux is right too, and after a new size', async () => {
		const tmux = openTmux();
		const run = (mode: string): string =>
			[
				...['NODE_ENV=production', 'TERM=screen-256color', 'COLORTERM=', `INK=${mode}`],
				...['LINES=1500', 'LINES_PER_SECOND=500', process.execPath, '--expose-gc', fixture],
			].join(' ');
		const capture = (window: number): string =>
			tmux('capture-pane', '-p', '-e', '-t', `:${window}`);
		tmux('new-session', '-d', '-x', '100', '-y', '30', `env ${run('0')}`);
		tmux('new-window', '-d', `env ${run('1')}`);
		const isOver = (window: number): boolean => capture(window).includes('1 500 lines');
		await vi.waitFor(() => expect(capture(0)).toContain('step 1'), { timeout: 20_000 });
		for (const [cols, rows] of [
			['61', '12'],
			['120', '40'],
		] as const) {
			tmux('resize-window', '-t', ':0', '-x', cols, '-y', rows);
			tmux('resize-window', '-t', ':1', '-x', cols, '-y', rows);
			await delay(200);
		}
		await vi.waitFor(() => expect([isOver(0), isOver(1)]).toEqual([true, true]), {
			timeout: 30_000,
			interval: 200,
		});
		await vi.waitFor(() => expect(capture(0)).toBe(capture(1)), { timeout: 5_000 });
		expect(capture(0)).toContain('step 1500');
	});
});

/** Runs tmux commands at a server of the test's own. */
const openTmux = (): ((...words: string[]) => string) => {
	const socket = `signalbox-${randomUUID()}`;
	const env = { ...process.env, TMUX: '', LANG: 'C.UTF-8' };
	const run = (...words: string[]): string =>
		execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...words], { env, encoding: 'utf8' });
	onTestFinished(() => void run('kill-server'));
	return run;
};
