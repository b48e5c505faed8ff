import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wrapLine } from '../../source/monitor/line-rows.ts';
import { createFramePainter, type PaneRows } from '../../source/ui/frame-painter.ts';
import { cellsOf, drawOn } from '../terminal/harness/cells.ts';

const columns = 12;
const height = 8;

const terminalOf = (): xterm.Terminal =>
	new xterm.Terminal({ cols: columns, rows: height, allowProposedApi: true });

/**
 * What a terminal shows that was given rows one by one, each on a line of its own. It does not wrap
 * either: this one counts more cells for some emoji than others do.
 */
const plainly = async (rows: readonly string[]): Promise<unknown> => {
	const terminal = terminalOf();
	await drawOn(
		terminal,
		`\x1b[?7l${rows.map((row, at) => `\x1b[${at + 1}H${row}\x1b[0m`).join('')}`,
	);
	return cellsOf(terminal);
};

const everything = Number.POSITIVE_INFINITY;
const numbered = (from: number): string[] =>
	Array.from({ length: height }, (_, row) => `line ${from + row}`);

/** A row that fits: from few pieces, so that rows are often equal, or begin in the same way. */
const row = fc
	.array(
		fc.constantFrom(
			'a',
			'b ',
			'│',
			'漢',
			'e\u0301',
			'👩‍🚀',
			'\x1b[31m',
			'\x1b[1;7m',
			'\x1b[0m',
			'⚠️',
			'\u0301',
		),
		{ maxLength: 14 },
	)
	.map((pieces) => wrapLine(pieces.join(''), columns, 1)[0] ?? '');
const pane = fc
	.record({ top: fc.nat(height - 2), height: fc.integer({ min: 1, max: height - 1 }) })
	.chain((place) =>
		fc.array(row, { maxLength: Math.min(place.height, height - place.top) }).map((rows) => ({
			top: place.top,
			height: Math.min(place.height, height - place.top),
			rows,
		})),
	);
const step = fc.oneof(
	{
		arbitrary: fc.record({
			kind: fc.constant('paint' as const),
			limit: fc.integer({ min: 1, max: 200 }),
		}),
		weight: 4,
	},
	{
		arbitrary: fc.record({
			kind: fc.constant('want' as const),
			frame: fc.array(row, { minLength: height, maxLength: height }),
			pane: fc.option(pane),
		}),
		weight: 2,
	},
	{
		arbitrary: fc.record({
			kind: fc.constant('scroll' as const),
			by: fc.integer({ min: -9, max: 9 }),
		}),
		weight: 4,
	},
	{ arbitrary: fc.record({ kind: fc.constant('forget' as const) }), weight: 1 },
);

describe('a painted terminal', () => {
	test('shows the last frame whole, whatever was painted of those before it', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(step, { maxLength: 30 }),
				fc.array(row, { minLength: 20, maxLength: 20 }),
				async (steps, log) => {
					const terminal = terminalOf();
					const painter = createFramePainter();
					let frame = Array.from({ length: height }, () => '');
					let shown: PaneRows | null = {
						top: 1,
						height: height - 2,
						rows: log.slice(5, 5 + height - 2),
					};
					let at = 5;
					painter.want(frame, shown, columns);
					for (const each of steps) {
						if (each.kind === 'paint') await drawOn(terminal, painter.paint(each.limit));
						if (each.kind === 'forget') {
							// As when somebody else had the terminal.
							await drawOn(terminal, `\x1b[H\x1b[0m${'?'.repeat(columns * height)}`);
							painter.forget();
						}
						if (each.kind === 'want') [frame, shown] = [each.frame, each.pane];
						if (each.kind === 'scroll' && shown !== null) {
							at = Math.max(0, Math.min(log.length - 1, at + each.by));
							shown = { ...shown, rows: log.slice(at, at + shown.height) };
						}
						if (each.kind === 'want' || each.kind === 'scroll') painter.want(frame, shown, columns);
					}
					for (let count = 0; !painter.isDone(); count++) {
						expect(count).toBeLessThan(height);
						await drawOn(terminal, painter.paint(1));
					}
					const rows = frame.map((line, y) =>
						shown !== null && y >= shown.top && y < shown.top + shown.height
							? (shown.rows[y - shown.top] ?? '')
							: line,
					);
					expect(cellsOf(terminal)).toEqual(await plainly(rows));
					expect(painter.paint(everything)).toBe('');
				},
			),
			{ numRuns: 300 },
		);
	});

	test('scrolls what has moved, and writes only what is new', () => {
		const painter = createFramePainter();
		const blank = numbered(0).map(() => '');
		const follow = (from: number): string => {
			painter.want(blank, { top: 1, height: 6, rows: numbered(from).slice(0, 6) }, columns);
			return painter.paint(everything);
		};
		follow(10);
		const down = follow(12);
		expect(down).toContain('\x1b[2;7r\x1b[7H\n\n\x1b[r');
		expect(down.match(/line \d+/g)).toEqual(['line 16', 'line 17']);
		const up = follow(11);
		expect(up).toContain('\x1b[2;7r\x1b[2H\x1bM\x1b[r');
		expect(up.match(/line \d+/g)).toEqual(['line 11']);
		// Nothing of it is on the screen any more.
		expect(follow(30)).not.toContain('r\x1b[7H');
	});

	test('writes a row from where it has changed', () => {
		const painter = createFramePainter();
		const want = (line: string): string => {
			painter.want([line], null, columns);
			return painter.paint(everything);
		};
		want('│ 59m 58s │');
		expect(want('│ 59m 57s │')).toContain('\x1b[1;8H7\x1b[0m');
		want('\x1b[32mlive 1\x1b[0m');
		expect(want('\x1b[32mlive 2\x1b[0m')).toContain('\x1b[1;6H\x1b[32m2\x1b[0m');
		// What is behind the change moves, or changes its colour: it is written too.
		expect(want('\x1b[32mlive 10 now\x1b[0m')).toContain('\x1b[1;6H\x1b[K\x1b[32m10 now\x1b[0m');
		expect(want('\x1b[32mlive \x1b[31m10 now\x1b[0m')).toContain('31m10 now\x1b[0m');
		// Terminals do not agree on how wide this is: what comes after it is where it was put.
		want('👩‍🚀 1');
		expect(want('👩‍🚀 2')).toContain('\x1b[1H\x1b[K👩‍🚀 2');
	});

	test('keeps its last column when only a style behind it changes', async () => {
		const terminal = terminalOf();
		const painter = createFramePainter();
		for (const line of ['abcdefghijkl', 'abcdefghijkl\x1b[0m']) {
			painter.want([line], null, columns);
			await drawOn(terminal, painter.paint(everything));
		}
		expect(terminal.buffer.active.getLine(0)?.translateToString()).toBe('abcdefghijkl');
	});

	test('is not written to when nothing has changed', () => {
		const painter = createFramePainter();
		painter.want(numbered(1), null, columns);
		painter.paint(everything);
		painter.want(numbered(1), null, columns);
		expect(painter.isDone()).toBe(true);
		expect(painter.paint(everything)).toBe('');
	});

	test('gets a piece no larger than there is room for, and what is around the pane first', () => {
		const painter = createFramePainter();
		const frame = [
			'header',
			...numbered(0)
				.slice(2)
				.map(() => ''),
			'footer',
		];
		painter.want(frame, { top: 1, height: 6, rows: numbered(1).slice(0, 6) }, columns);
		const pieces: string[] = [];
		while (!painter.isDone()) pieces.push(painter.paint(30));
		expect(pieces[0]).toMatch(/header.*footer/);
		expect(pieces[0]).not.toContain('line');
		expect(pieces.length).toBeGreaterThan(2);
		for (const piece of pieces.slice(1)) expect(piece.length).toBeLessThan(30 + 24);
	});
});
