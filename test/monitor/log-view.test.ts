import { describe, expect, test } from 'vitest';
import { layoutOf } from '../../source/monitor/layout.ts';
import { levelCells } from '../../source/monitor/level-sign.ts';
import { linesBelow, visibleRows } from '../../source/monitor/log-view.ts';
import type { MonitorState } from '../../source/monitor/state.ts';
import {
	apply,
	arrive,
	now,
	record,
	records,
	session,
	show,
	snapshot,
	stateAfter,
} from './fixtures.ts';

const two = snapshot([session(0), session(1)]);
const heightOf = (state: MonitorState): number => layoutOf(state).logRows;
const shown = (state: MonitorState): (readonly [number, number])[] =>
	visibleRows(state).map(({ seq, row }) => [seq, row]);
const seqs = (state: MonitorState): number[] => visibleRows(state).map(({ seq }) => seq);
const alternating = (from: number, to: number) =>
	records(from, to).map((line) => ({ ...line, replica: String(line.seq % 2) }));

describe('follow', () => {
	test('shows the newest lines, as many as fit', () => {
		const state = stateAfter([show(two), arrive(records(1, 100))]);
		const height = heightOf(state);
		expect(seqs(state)).toEqual(records(101 - height, 100).map(({ seq }) => seq));
	});

	test('shows a short log from the top', () => {
		const state = stateAfter([show(two), arrive(records(1, 3))]);
		expect(seqs(state)).toEqual([1, 2, 3]);
	});

	test('shows the end of a wrapped line that does not fit', () => {
		const long = record(2, { message: 'x'.repeat(80 * 40) });
		const state = stateAfter([show(two), arrive([record(1), long]), { type: 'toggle-wrap' }]);
		const rows = visibleRows(state);
		expect(rows).toHaveLength(heightOf(state));
		expect(rows.every(({ seq }) => seq === 2)).toBe(true);
		expect(rows.at(-1)?.row).toBe(Math.ceil(3200 / (80 - 13 - 2 - levelCells)) - 1);
	});
});

describe('pause', () => {
	// A new one each time: the log in a state changes in place.
	const pausedState = () =>
		stateAfter([show(two), arrive(records(1, 100)), { type: 'scroll', rows: -5 }]);

	test('scrolling up pauses, and nothing that arrives moves a row', () => {
		const paused = pausedState();
		const before = shown(paused);
		expect(paused.view.mode).toBe('paused');
		expect(seqs(paused).at(-1)).toBe(95);
		expect(shown(apply(paused, arrive(records(101, 150))))).toEqual(before);
	});

	test('the lines that are read stay, however many arrive and are evicted', () => {
		const fresh = stateAfter([show(two), arrive(records(1, 100))], {
			limits: { lines: 100, historyLines: 100 },
		});
		let state = apply(fresh, { type: 'scroll', rows: -5 });
		const texts = visibleRows(state).map(({ text }) => text);
		for (let seq = 101; seq < 5_000; seq += 50)
			state = apply(state, arrive(records(seq, seq + 49)));
		expect(state.log.evicted).toBeGreaterThan(4_000);
		expect(visibleRows(state).map(({ text }) => text)).toEqual(texts);
		expect(state.log.lines).toBeLessThan(300);
	});

	test('counts what is below, and what of it is new', () => {
		const state = pausedState();
		expect(linesBelow(state)).toMatchObject({ all: 5, new: 0 });
		const later = apply(state, arrive(records(101, 110)));
		expect(linesBelow(later)).toMatchObject({ all: 15, new: 10 });
		const higher = apply(later, { type: 'scroll', rows: -20 });
		expect(linesBelow(higher)).toMatchObject({ all: 35, new: 10 });
	});

	test.each([
		['scrolling to the end', { type: 'scroll', rows: 50 } as const],
		['the end key', { type: 'bottom' } as const],
		['the follow key', { type: 'toggle-follow' } as const],
	])('%s follows again', (_, gesture) => {
		expect(apply(pausedState(), gesture).view.mode).toBe('follow');
	});

	test('scrolling down a little stays paused; up in a short log changes nothing', () => {
		expect(apply(pausedState(), { type: 'scroll', rows: 2 }).view.mode).toBe('paused');
		const short = stateAfter([show(two), arrive(records(1, 3)), { type: 'scroll', rows: -1 }]);
		expect(short.view.mode).toBe('follow');
	});

	test('pages overlap by a row', () => {
		const state = stateAfter([show(two), arrive(records(1, 100))]);
		const page = apply(state, { type: 'scroll-screens', screens: -1 });
		expect(seqs(page).at(-1)).toBe(seqs(state)[0]);
	});

	test('an empty log can be paused, and fills from the top', () => {
		const state = stateAfter([show(two), { type: 'toggle-follow' }, arrive(records(1, 100))]);
		expect(seqs(state)[0]).toBe(1);
	});

	test('scrolls by row within a wrapped line', () => {
		const long = record(2, { message: 'x'.repeat(650) });
		let state = stateAfter([
			show(two),
			arrive([record(1), long, ...records(3, 60)]),
			{ type: 'toggle-wrap' },
			{ type: 'top' },
		]);
		for (const expected of [
			[2, 0],
			[2, 1],
			[2, 2],
		]) {
			state = apply(state, { type: 'scroll', rows: 1 });
			expect(shown(state)[0]).toEqual(expected);
		}
		state = apply(state, { type: 'scroll', rows: -2 });
		expect(shown(state)[0]).toEqual([2, 0]);
		expect(shown(apply(state, { type: 'scroll', rows: 2 }, { type: 'toggle-wrap' }))[0]).toEqual([
			2, 0,
		]);
	});

	test('a change of size keeps the first line', () => {
		const paused = pausedState();
		const smaller = apply(paused, { type: 'resize', columns: 60, rows: 20 });
		expect(seqs(smaller)[0]).toBe(seqs(paused)[0]);
	});
});

describe('node filter', () => {
	const state = stateAfter([show(two), arrive(alternating(1, 100))]);

	test('shows one node; the same key again, or none, shows all', () => {
		const filtered = apply(state, { type: 'filter', node: 1 });
		expect(visibleRows(filtered).every(({ node }) => node === 1)).toBe(true);
		expect(seqs(filtered).at(-1)).toBe(99);
		expect(apply(filtered, { type: 'filter', node: 1 }).filters.node).toBeNull();
		expect(apply(filtered, { type: 'filter', node: null }).filters.node).toBeNull();
	});

	test('keeps a paused place, and never leaves the pane half empty', () => {
		const middle = apply(state, { type: 'top' }, { type: 'scroll', rows: 20 });
		expect(seqs(apply(middle, { type: 'filter', node: 0 }))[0]).toBe(22);
		const nearEnd = apply(state, { type: 'scroll', rows: -1 }, { type: 'filter', node: 1 });
		expect(visibleRows(nearEnd)).toHaveLength(heightOf(nearEnd));
	});

	test('counts the node only', () => {
		const filtered = apply(state, { type: 'top' }, { type: 'filter', node: 1 });
		const last = seqs(filtered).at(-1) ?? 0;
		expect(linesBelow(filtered).all).toBe((99 - last) / 2);
	});
});

test('a gap stands in the log and is counted once', () => {
	const state = stateAfter([
		show(two),
		arrive(records(1, 5)),
		{ type: 'gap', gap: { from: 6, to: 417, reason: 'evicted by the server' }, at: now },
		arrive(records(418, 420)),
	]);
	expect(seqs(state)).toEqual([1, 2, 3, 4, 5, 417, 418, 419, 420]);
	expect(visibleRows(state)[5]).toMatchObject({
		level: 'GAP',
		text: expect.stringContaining('412 lines are missing'),
	});
	expect(state.lostLines + state.log.skipped).toBe(412);
	const again = apply(state, { type: 'gap', gap: { from: 6, to: 417, reason: 'x' }, at: now });
	expect(again.lostLines).toBe(412);
});
