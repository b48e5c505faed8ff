import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFilter, everyLine } from '../../source/contract/line-filter.ts';
import type { LogRecord } from '../../source/contract/log.ts';
import type { Action } from '../../source/monitor/actions.ts';
import { layoutOf } from '../../source/monitor/layout.ts';
import { linesBelow, visibleRows } from '../../source/monitor/log-view.ts';
import { pageNeeded } from '../../source/monitor/requests.ts';
import type { MonitorState } from '../../source/monitor/state.ts';
import { apply, arrive, record, session, show, snapshot, stateAfter } from './fixtures.ts';
import { PagedLog } from './paged-log.ts';

const seqs = (state: MonitorState): number[] => visibleRows(state).map(({ seq }) => seq);

const levels = ['INFO', 'INFO', 'INFO', 'WARNING', 'ERROR'] as const;
const line = (seq: number): LogRecord =>
	record(seq, {
		message: `step ${seq} loss ${seq % 7} ${seq % 97 === 0 ? 'checkpoint' : ''}`,
		replica: String(seq % 3),
		level: levels[(seq * 7) % 5] ?? null,
	});
const lines = (from: number, to: number): LogRecord[] =>
	Array.from({ length: to - from + 1 }, (_, index) => line(from + index));

/** A screen that has the end of a long log, of which the server has all. */
const open = (total: number, tail: number, limits = {}) => {
	const server = new PagedLog(lines(1, total));
	const shown = snapshot(
		[session(0), session(1), session(2)],
		{},
		{ log: { first: 1, last: total } },
	);
	const state = stateAfter([show(shown), arrive(lines(total - tail + 1, total))], { limits });
	return { server, state };
};

describe('lines that are not in memory', () => {
	test('the first line is one page away, however long the log is', () => {
		const { server, state } = open(100_000, 100);
		const top = server.settle(apply(state, { type: 'top' }));
		expect(seqs(top)[0]).toBe(1);
		expect(server.requests).toBeLessThanOrEqual(2);
		expect(linesBelow(top).all).toBe(100_000 - seqs(top).length);
	});

	test('the screen stays as it is until a place has come', () => {
		const { state } = open(1_000, 100);
		const asked = apply(state, { type: 'jump', seq: 500, isCentred: true });
		expect(seqs(asked)).toEqual(seqs(state));
		expect(pageNeeded(asked)?.place).toEqual({ around: 500 });
	});

	test('a place is shown with lines before it', () => {
		const { server, state } = open(1_000, 100);
		const there = server.settle(apply(state, { type: 'jump', seq: 500, isCentred: true }));
		expect(seqs(there).indexOf(500)).toBe(Math.floor(layoutOf(there).logRows / 3));
	});

	test('a page is asked for one at a time, and again after a failure only when the reader moves', () => {
		const { state } = open(1_000, 100);
		const wanting = apply(state, { type: 'scroll-screens', screens: -50 });
		const request = pageNeeded(wanting);
		if (request === null) throw new Error('nothing is asked for');
		expect(request.place).toEqual({ before: 901 });
		const asked = apply(wanting, { type: 'page-asked', request });
		expect(pageNeeded(asked)).toBeNull();
		const failed = apply(asked, { type: 'page-failed', request });
		expect(pageNeeded(failed)).toBeNull();
		expect(pageNeeded(apply(failed, { type: 'scroll', rows: -1 }))?.key).toBe(request.key);
	});

	test('a page of filters that were changed meanwhile is not taken', () => {
		const { state } = open(1_000, 100);
		const wanting = apply(state, { type: 'filter', node: 1 }, { type: 'top' });
		const request = pageNeeded(wanting);
		if (request === null) throw new Error('nothing is asked for');
		const changed = apply(
			wanting,
			{ type: 'page-asked', request },
			{ type: 'filter', node: null },
			{ type: 'page', request, reply: { records: [], from: 1, to: 900, first: 1, last: 1_000 } },
		);
		expect(changed.log.covers(1)).toBe(false);
		expect(pageNeeded(changed)).not.toBeNull();
	});
});

/** What a reader may do, by number; the log goes on meanwhile. */
const gesture = fc.oneof(
	fc.record({ type: fc.constant('scroll' as const), rows: fc.integer({ min: -40, max: 40 }) }),
	fc.record({
		type: fc.constant('scroll-screens' as const),
		screens: fc.constantFrom(-1, 1, -3, 3),
	}),
	fc.constantFrom<Action>({ type: 'top' }, { type: 'bottom' }, { type: 'toggle-follow' }),
	fc.record({
		type: fc.constant('jump' as const),
		seq: fc.integer({ min: 1, max: 2_000 }),
		isCentred: fc.boolean(),
	}),
	fc.record({ type: fc.constant('filter' as const), node: fc.constantFrom(null, 0, 1, 2) }),
	fc.constantFrom<Action>(
		{ type: 'filters', filters: everyLine },
		{ type: 'filters', filters: { ...everyLine, level: 'ERROR' } },
		{
			type: 'filters',
			filters: { ...everyLine, include: [{ text: 'checkpoint', isPlain: true }] },
		},
		{
			type: 'filters',
			filters: { ...everyLine, exclude: [{ text: 'loss [0-4]', isPlain: false }] },
		},
	),
	fc.constant('more' as const),
);

test('whatever a reader does, the screen shows the lines there are: none twice, none left out', () => {
	fc.assert(
		fc.property(
			fc.array(gesture, { maxLength: 25 }),
			fc.integer({ min: 20, max: 200 }),
			(gestures, ringLines) => {
				const limits = { lines: ringLines, historyLines: 600 };
				const { server, state: first } = open(2_000, 100, limits);
				let state = first;
				for (const each of gestures) {
					if (each === 'more') {
						const next = lines(server.records.length + 1, server.records.length + 30);
						server.records.push(...next);
						const before = seqs(state);
						state = server.settle(apply(state, arrive(next)));
						if (state.view.mode === 'paused')
							expect(seqs(state).slice(0, before.length)).toEqual(before);
					} else state = server.settle(apply(state, each));
					const rows = seqs(state);
					const isWanted = compileFilter(state.filters);
					const all = server.records.filter(isWanted).map(({ seq }) => seq);
					const at = all.indexOf(rows[0] ?? 0);
					const height = layoutOf(state).logRows;
					const expected = all.slice(at, at + height);
					if (rows.length > 0) expect(rows).toEqual(expected.slice(0, rows.length));
					if (state.view.mode === 'follow') {
						expect(rows).toEqual(all.slice(-height));
					} else
						expect(rows.length).toBe(Math.min(height, at === -1 ? all.length : all.length - at));
				}
			},
		),
		{ numRuns: 60 },
	);
});
