import { describe, expect, test, vi } from 'vitest';
import { drawOn } from '../terminal/harness/cells.ts';
import { openPainted, type PaintedTerminal } from './painted-terminal.ts';

const columns = 20;
const rows = 6;
const enter = '\x1b[?1049h';
const leave = '\x1b[?1049l';

const frame = (first: string, count = rows): string =>
	[first, ...Array.from({ length: count - 1 }, (_, row) => `row ${row}`)].join('\n');

const firstRow = ({ terminal }: PaintedTerminal): string | undefined =>
	terminal.buffer.active.getLine(0)?.translateToString(true);

const open = (): PaintedTerminal & { readonly draw: (first: string) => void } => {
	const painted = openPainted(columns, rows);
	painted.output.stdout.write(enter);
	return { ...painted, draw: (first) => painted.output.stdout.write(frame(first)) };
};

const written = ({ output }: PaintedTerminal): Promise<void> =>
	new Promise((resolve) => output.stdout.write('', () => resolve()));

/** All of the last frame. */
const shown = ({ output }: PaintedTerminal): Promise<void> =>
	vi.waitFor(() => expect(output.isReady()).toBe(true), { interval: 2 });

/** The keys that come out where Ink reads them. */
const keysOf = ({ output }: PaintedTerminal): string => {
	const keys: string[] = [];
	for (let key = output.stdin.read(); key !== null; key = output.stdin.read()) keys.push(key);
	return keys.join('|');
};

describe('frames', () => {
	test('that are drawn while one is on its way are dropped, but for the last', async () => {
		const screen = open();
		await written(screen);
		screen.hold();
		screen.draw('frame 1');
		expect(screen.output.isReady()).toBe(false);
		for (let count = 2; count <= 100; count++) screen.draw(`frame ${count}`);
		const ready = vi.fn();
		screen.output.whenReady(ready);
		screen.release();
		await vi.waitFor(() => expect(ready).toHaveBeenCalledOnce());
		expect(firstRow(screen)).toBe('frame 100');
		expect(screen.writes.join('').match(/frame \d+|00/g)).toEqual(['frame 1', '00']);
		expect(screen.output.isReady()).toBe(true);
	});

	test('of another height than the terminal has are not shown', async () => {
		const screen = open();
		screen.draw('right');
		await shown(screen);
		screen.output.stdout.write(frame('stale', rows + 3));
		await shown(screen);
		expect(firstRow(screen)).toBe('right');
	});

	test('are painted anew when the terminal has changed its size, and back', async () => {
		const screen = open();
		screen.draw('a row of twenty cell');
		await shown(screen);
		screen.resize(5, rows);
		screen.resize(columns, rows);
		// What is left of it then is up to the terminal.
		await drawOn(screen.terminal, '\x1b[1;6H\x1b[K');
		screen.draw('a row of twenty cell');
		await shown(screen);
		expect(firstRow(screen)).toBe('a row of twenty cell');
	});

	test('are painted anew when another program has had the terminal', async () => {
		const screen = open();
		screen.draw('mine');
		screen.output.stdout.write(leave);
		screen.output.stdout.write('\x1b[?7l');
		screen.draw('text of a program');
		await written(screen);
		expect(screen.terminal.modes.wraparoundMode).toBe(false);
		screen.output.stdout.write(enter);
		screen.draw('mine');
		await shown(screen);
		expect(firstRow(screen)).toBe('mine');
		screen.output.stdout.write(leave);
		await written(screen);
		expect(screen.terminal.modes.wraparoundMode).toBe(true);
	});

	test('that change nothing write nothing', async () => {
		const screen = open();
		screen.draw('same');
		await shown(screen);
		const before = screen.writes.join('');
		expect(before).toContain('same');
		screen.draw('same');
		await written(screen);
		expect(screen.writes.join('')).toBe(before);
	});
});

describe('what else is written', () => {
	test('stays in order with the frames, and none of it is dropped', async () => {
		const screen = open();
		await written(screen);
		screen.hold();
		screen.draw('one');
		screen.output.stdout.write('\x07');
		screen.output.stdout.write('\x1b]52;c;YQ==\x07');
		screen.draw('two');
		screen.output.stdout.write(leave);
		screen.release();
		await written(screen);
		const all = screen.writes.join('');
		expect(all.indexOf('one')).toBeLessThan(all.indexOf('\x07'));
		expect(all.indexOf('\x07')).toBeLessThan(all.indexOf('\x1b]52'));
		expect(all.endsWith(leave)).toBe(true);
		// The screen has gone before it could be shown.
		expect(all).not.toContain('two');
	});

	test('goes out at once when the process exits', () => {
		const screen = open();
		screen.hold();
		screen.draw('one');
		screen.output.stdout.write('\x07');
		// As Node does; its other listeners are the test runner's.
		const listener = process.listeners('exit').at(-1);
		listener?.(0);
		screen.output.stdout.write(leave);
		expect(screen.writes.at(-1)).toContain(leave);
		expect(screen.writes.join('').indexOf('\x07')).toBeLessThan(
			screen.writes.join('').indexOf(leave),
		);
		screen.output.close();
	});
});

describe('the answers of the terminal', () => {
	test('are asked for in raw mode, and are not taken for keys', async () => {
		const screen = open();
		screen.draw('cooked');
		await shown(screen);
		expect(screen.writes.join('')).not.toContain('\x1b[5n');
		screen.output.stdin.setRawMode(true);
		screen.draw('raw');
		await written(screen);
		expect(screen.writes.join('')).toContain('\x1b[5n');
		expect(keysOf(screen)).toBe('');
	});

	test('do not swallow the Escape, or the keys, that they come between', () => {
		const screen = open();
		screen.type('\x1b\x1b[0n');
		expect(keysOf(screen)).toBe('\x1b');
		screen.type('\x1b[0na\x1b[0n\x1b[0nb');
		expect(keysOf(screen)).toBe('ab');
		screen.type('\x1b[0n');
		screen.type('c');
		expect(keysOf(screen)).toBe('c');
	});

	test('are in before the terminal is handed over', async () => {
		const screen = open();
		const answers = vi.fn();
		screen.terminal.onData(answers);
		screen.output.stdin.setRawMode(true);
		await written(screen);
		screen.hold();
		screen.draw('slow');
		const settled = vi.fn();
		const settling = screen.output.settle().then(settled);
		await new Promise((resolve) => setImmediate(resolve));
		expect(settled).not.toHaveBeenCalled();
		screen.release();
		const reading = setInterval(() => keysOf(screen), 1);
		await settling;
		clearInterval(reading);
		const questions = screen.writes.join('').split('\x1b[5n').length - 1;
		expect(questions).toBeGreaterThan(0);
		expect(answers).toHaveBeenCalledTimes(questions);
	});

	test('nothing is drawn any more after the end', async () => {
		const screen = open();
		screen.draw('last');
		await screen.output.end();
		screen.draw('after');
		screen.output.stdout.write(leave);
		await written(screen);
		screen.output.close();
		expect(screen.writes.join('')).not.toContain('after');
	});
});
