import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFilter, everyLine } from '../../source/contract/line-filter.ts';
import type { LogRecord } from '../../source/contract/log.ts';
import { footerOf } from '../../source/monitor/footer.ts';
import { visibleRows } from '../../source/monitor/log-view.ts';
import { openPattern } from '../../source/monitor/pattern-prompt.ts';
import { countMatches } from '../../source/monitor/search.ts';
import type { MonitorState, PatternPrompt } from '../../source/monitor/state.ts';
import { apply, arrive, now, record, session, show, snapshot, stateAfter } from './fixtures.ts';
import { PagedLog } from './paged-log.ts';

const line = (seq: number): LogRecord =>
	record(seq, {
		message: `step ${seq} loss ${seq % 7}${seq % 97 === 0 ? ' checkpoint' : ''}`,
		replica: String(seq % 2),
	});
const lines = (from: number, to: number): LogRecord[] =>
	Array.from({ length: to - from + 1 }, (_, index) => line(from + index));

const open = (total: number, tail: number, limits = {}) => {
	const server = new PagedLog(lines(1, total));
	const shown = snapshot([session(0), session(1)], {}, { log: { first: 1, last: total } });
	const state = stateAfter([show(shown), arrive(lines(total - tail + 1, total))], { limits });
	return { server, state };
};

/** Opens a prompt and types into it. */
const typed = (state: MonitorState, text: string, use: PatternPrompt['use'] = 'search') => {
	const { overlay } = openPattern(state, use);
	if (overlay === null) throw new Error('no prompt');
	return apply(
		state,
		{ type: 'open', overlay },
		...Array.from(text, (key) => ({ type: 'type' as const, text: key })),
	);
};
const searched = (state: MonitorState, text: string): MonitorState =>
	apply(typed(state, text), { type: 'submit-pattern' });

const find = (by: 1 | -1) => ({ type: 'find', by, at: now }) as const;
const counted = (state: MonitorState) => {
	if (state.search === null) throw new Error('no search');
	return countMatches(state.search, state.log, state.logFirst);
};
const seqs = (state: MonitorState): number[] => visibleRows(state).map(({ seq }) => seq);
const textOf = (state: MonitorState): string =>
	footerOf(state)
		.left.map(({ text }) => text)
		.join('');
const errorOf = ({ overlay }: MonitorState): string | null =>
	overlay?.kind === 'pattern' ? overlay.error : null;

describe('while a pattern is typed', () => {
	test('all its matches are marked, and the nearest is on the screen', () => {
		const { state } = open(500, 500);
		const found = typed(state, 'checkp');
		expect(found.search?.at).toBe(485);
		const row = visibleRows(found).find(({ seq }) => seq === 485);
		expect(row?.text).toContain('\x1b[4;7mcheckp\x1b[0moint');
		expect(stripVTControlCharacters(row?.text ?? '')).toBe('step 485 loss 2 checkpoint');
		const others = visibleRows(typed(state, 'loss')).filter(({ text }) =>
			text.includes('\x1b[7mloss'),
		);
		expect(others.length).toBe(visibleRows(state).length - 1 - 2);
	});

	test('a match far up in memory is gone to, step by step', () => {
		const wide = lines(1, 40_000).map((each) => ({
			...each,
			message: each.message.padEnd(120, '.'),
		}));
		const state = stateAfter([
			show(snapshot([session(0)], {}, { log: { first: 1, last: 40_000 } })),
			arrive(wide),
		]);
		const waiting = typed(state, 'step 77 ');
		expect(waiting.search?.at).toBeNull();
		const there = new PagedLog(wide).settle(waiting);
		expect(there.search?.at).toBe(77);
		expect(seqs(there)).toContain(77);
	});

	test('the screen goes back with each letter taken back, and with escape', () => {
		const { state } = open(500, 500);
		const found = typed(state, 'step 20');
		expect(found.view.mode).toBe('paused');
		expect(seqs(found)).toContain(found.search?.at);
		const again = apply(found, { type: 'erase' }, { type: 'type', text: '0' });
		expect(seqs(again)).toEqual(seqs(found));
		const left = apply(found, { type: 'cancel-pattern' });
		expect(left).toMatchObject({ view: { mode: 'follow' }, search: null, overlay: null });
	});

	test('a pattern that is none yet is told in words, and nothing moves', () => {
		const { state } = open(500, 500);
		const broken = typed(state, 'loss (');
		expect(errorOf(broken)).toMatch(/^not a regular expression: unterminated group/);
		expect(seqs(apply(broken, { type: 'submit-pattern' })).length).toBe(seqs(broken).length);
		expect(apply(broken, { type: 'submit-pattern' }).overlay?.kind).toBe('pattern');
		expect(errorOf(typed(state, '(a)\\1'))).toMatch(/back-references/);
		const plain = apply(broken, { type: 'toggle-plain' });
		expect(errorOf(plain)).toBeNull();
		expect(plain.search?.pattern.source).toEqual({ text: 'loss (', isPlain: true });
	});

	test('the last pattern is taken up again', () => {
		const { state } = open(500, 500);
		const before = apply(searched(state, 'checkpoint'), { type: 'end-search' });
		const recalled = apply(typed(before, ''), { type: 'recall-pattern' });
		expect(recalled.search?.at).toBe(485);
	});
});

describe('in the whole log', () => {
	test('matches are counted to the first line, and n and N visit each of them', () => {
		const { server, state } = open(3_000, 200);
		const all = server.records.filter(({ message }) => message.includes('checkpoint'));
		let at = server.settle(searched(state, 'checkpoint'));
		expect(counted(at)).toMatchObject({ of: all.length, isPartial: false, progress: 1 });
		const visited: number[] = [];
		for (let step = 0; step < all.length; step++) {
			visited.push(at.search?.at ?? 0);
			expect(counted(at).at).toBe(all.length - step - (visited[0] === all.at(-1)?.seq ? 0 : 1));
			expect(seqs(at)).toContain(at.search?.at);
			at = server.settle(apply(at, find(-1)));
		}
		expect(visited).toEqual(all.map(({ seq }) => seq).toReversed());
		expect(at.search?.at).toBe(all.at(-1)?.seq);
		expect(at.message?.text).toBe('the first match: on from the last');
		const first = server.settle(apply(at, find(1)));
		expect(first.search?.at).toBe(all[0]?.seq);
		expect(first.message?.text).toBe('the last match: on from the first');
	});

	test('neighbours are kept around a match', () => {
		const { server, state } = open(3_000, 200);
		const far = server.settle(apply(server.settle(searched(state, 'step 1067 ')), find(1)));
		expect(seqs(far)).toEqual(seqs(far).map((_, index) => (seqs(far)[0] ?? 0) + index));
		expect(seqs(far)[0]).toBeLessThan(1_067);
	});

	test('what is only in older lines is gone to as soon as it is found', () => {
		const { server, state } = open(3_000, 200);
		const waiting = searched(state, 'step 12 ');
		expect(waiting.search?.at).toBeNull();
		expect(textOf(waiting)).toContain('0 of 0+ 0 % searched');
		const there = server.settle(waiting);
		expect(there.search?.at).toBe(12);
		expect(seqs(there)).toContain(12);
		expect(textOf(there)).toContain('/step 12 / 1 of 1');
	});

	test('not found is told once everything was searched', () => {
		const { server, state } = open(3_000, 200);
		const none = server.settle(searched(state, 'nan'));
		expect(textOf(none)).toContain('/nan/ not found');
		expect(apply(none, find(1)).message?.text).toBe('no match');
	});

	test('a look that fails stops the search of older lines, and n tries again', () => {
		const { server, state } = open(3_000, 200);
		const waiting = searched(state, 'step 12 ');
		const { history } = waiting.search ?? {};
		if (history === undefined) throw new Error('no search');
		const look = { search: history, place: { before: 2_801 }, filter: everyLine };
		const failed = apply(
			waiting,
			{ type: 'matches-asked' },
			{ type: 'matches-failed', look, error: 'no connection' },
		);
		expect(server.settle(failed).search?.at).toBeNull();
		expect(textOf(failed)).toContain('older lines: no connection');
		expect(server.settle(apply(failed, find(1))).search?.at).toBe(12);
	});

	test('counts stay right while lines come, leave the ring, and filters change', () => {
		const step = fc.oneof(
			fc.record({ add: fc.integer({ min: 1, max: 60 }) }),
			fc.record({ by: fc.constantFrom(1 as const, -1 as const) }),
			fc.record({ node: fc.constantFrom(null, 0, 1) }),
		);
		fc.assert(
			fc.property(
				fc.array(step, { maxLength: 20 }),
				fc.constantFrom('loss 3', 'checkpoint', '[02468] loss', '^step', 'zzz'),
				(steps, text) => {
					const { server, state: first } = open(400, 50, { lines: 40, historyLines: 600 });
					let state = server.settle(searched(first, text));
					for (const each of steps) {
						if ('add' in each) {
							const total = server.records.length;
							const next = lines(total + 1, total + each.add);
							server.records.push(...next);
							state = apply(state, arrive(next));
						} else if ('by' in each) state = apply(state, find(each.by));
						else state = apply(state, { type: 'filter', node: each.node });
						state = server.settle(state);
						const include = [{ text, isPlain: false }];
						const isMatch = compileFilter({ ...state.filters, include });
						const matches = server.records.filter(isMatch).map(({ seq }) => seq);
						expect(counted(state)).toMatchObject({ of: matches.length, isPartial: false });
						const { at } = state.search ?? {};
						if (at !== null && at !== undefined && matches.includes(at)) {
							expect(counted(state).at).toBe(matches.indexOf(at) + 1);
						}
					}
				},
			),
			{ numRuns: 60 },
		);
	});
});

describe('filters', () => {
	test('narrow the log one after the other, and say how many lines they hide', () => {
		const { state } = open(500, 500);
		const filtered = apply(typed(state, 'loss 3', 'include'), { type: 'submit-pattern' });
		const narrowed = apply(typed(filtered, 'step \\d*5 ', 'exclude'), { type: 'submit-pattern' });
		expect(narrowed.filters.include).toHaveLength(1);
		expect(narrowed.filters.exclude).toHaveLength(1);
		const left = lines(1, 500).filter(({ seq }) => seq % 7 === 3 && seq % 10 !== 5);
		expect(seqs(narrowed)).toEqual(left.map(({ seq }) => seq).slice(-seqs(narrowed).length));
		const wide = apply(narrowed, { type: 'resize', columns: 200, rows: 24 });
		expect(textOf(wide)).toContain(`& /loss 3/ · ! /step \\d*5 / · ${500 - left.length} hidden`);
	});

	test('a search under a filter finds what the filter lets through', () => {
		const { server, state } = open(3_000, 200);
		const filtered = apply(state, { type: 'filter', node: 0 });
		const found = server.settle(searched(filtered, 'checkpoint'));
		expect(counted(found).of).toBe(Math.floor(3_000 / 97 / 2));
		const all = server.settle(apply(found, { type: 'filter', node: null }));
		expect(counted(all).of).toBe(Math.floor(3_000 / 97));
	});
});
