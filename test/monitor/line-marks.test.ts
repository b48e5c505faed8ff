import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../../source/contract/log.ts';
import { visibleRows } from '../../source/monitor/log-view.ts';
import type { MonitorState } from '../../source/monitor/state.ts';
import { apply, arrive, record, records, session, show, snapshot, stateAfter } from './fixtures.ts';

const two = snapshot([session(0), session(1)], {}, { log: { first: 1, last: 9 } });
const texts = (state: MonitorState): string[] => visibleRows(state).map(({ text }) => text);

/** Records of texts, each with the node that wrote it. */
const written = (from: number, ...lines: readonly (readonly [node: number, text: string])[]) =>
	lines.map(
		([node, message], index): LogRecord =>
			record(from + index, { message, replica: String(node), level: null }),
	);

describe('progress bars', () => {
	test('a bar is one live line for each node, in its place among the others', () => {
		const state = stateAfter([
			show(two),
			arrive(written(1, [0, ' 10%|█\r'], [1, ' 50%|█████\r'], [0, ' 20%|██\r'], [1, 'saved'])),
		]);
		expect(texts(state)).toEqual([' 20%|██', 'saved']);
		const done = apply(state, arrive(written(5, [0, '100%|██████████'], [0, 'done'])));
		expect(texts(done)).toEqual(['saved', '100%|██████████', 'done']);
	});

	test('a thousand redraws leave one line, and nothing of it moves a reader', () => {
		let state = stateAfter([show(two), arrive(written(1, [0, 'epoch 1']))]);
		for (let seq = 2; seq < 1_002; seq += 100) {
			const redraws = Array.from({ length: 100 }, (_, index) => [0, `${seq + index}%\r`] as const);
			state = apply(state, arrive(written(seq, ...redraws)));
		}
		expect(texts(state)).toEqual(['epoch 1', '1001%']);
	});

	test('a page of older lines shows no state that was drawn over', () => {
		const base = stateAfter([show(two), arrive(written(7, [0, 'end'], [0, 'of it']))]);
		const page = written(
			1,
			[0, 'start'],
			[0, '1%\r'],
			[1, 'other'],
			[0, '2%\r'],
			[0, '3%\r'],
			[0, 'x'],
		);
		base.log.insertPage({ records: page, from: 1, to: 6, isFiltered: false }, 1);
		expect(texts(apply(base, { type: 'top' }))).toEqual(['start', 'other', 'x', 'end', 'of it']);
	});
});

describe('tracebacks', () => {
	const traceback = written(
		1,
		[0, 'step 1'],
		[0, 'Traceback (most recent call last):'],
		[1, 'step 1'],
		[0, '  File "train.py", line 3, in <module>'],
		[0, '    main()'],
		[0, 'ValueError: loss is nan'],
		[0, 'step 2'],
	);
	const state = () => stateAfter([show(two), arrive(traceback)]);

	test('are marked, and folded to their first line and the exception', () => {
		const open = state();
		expect(visibleRows(open).map(({ mark }) => mark)).toEqual(['', '▾', '', '', '', '', '']);
		const folded = apply(open, { type: 'toggle-fold' });
		expect(texts(folded)).toEqual([
			'step 1',
			'Traceback (most recent call last):',
			'step 1',
			'ValueError: loss is nan',
			'step 2',
		]);
		expect(visibleRows(folded)[1]?.mark).toBe('▸');
		expect(texts(apply(folded, { type: 'toggle-fold' }))).toEqual(texts(open));
	});

	test('new ones come folded, and levels are found where the server names none', () => {
		const folded = apply(
			state(),
			{ type: 'toggle-fold' },
			arrive(traceback.map((line) => ({ ...line, seq: line.seq + 7 }))),
		);
		expect(texts(folded)).toHaveLength(10);
		const errors = apply(state(), {
			type: 'filters',
			filters: { node: null, level: 'ERROR', include: [], exclude: [] },
		});
		expect(texts(errors)).toContain('ValueError: loss is nan');
		expect(texts(errors)).not.toContain('step 1');
	});
});

describe('bookmarks and choices', () => {
	const long = () => stateAfter([show(two), arrive(records(1, 500))]);

	test('a marked line is come back to, from either side and around the end', () => {
		let state = apply(long(), { type: 'jump', seq: 100, isCentred: false }, { type: 'bookmark' });
		expect(visibleRows(state)[0]?.mark).toBe('◆');
		state = apply(state, { type: 'jump', seq: 300, isCentred: false }, { type: 'bookmark' });
		const to = (by: 1 | -1) => ({ type: 'to-bookmark', by, at: 0 }) as const;
		const top = (at: MonitorState): number | undefined => visibleRows(at)[0]?.seq;
		expect(top(apply(state, to(1)))).toBe(100);
		expect(top(apply(state, to(-1)))).toBe(100);
		expect(top(apply(state, to(-1), to(-1)))).toBe(300);
		const cleared = apply(state, { type: 'bookmark' }, to(1), { type: 'bookmark' });
		expect(cleared.bookmarks).toEqual([]);
		expect(apply(cleared, to(1)).message?.text).toMatch(/no line is marked/);
	});

	test('a choice grows over the edge of the screen, and the screen goes along', () => {
		let state = apply(long(), { type: 'toggle-follow' });
		const last = visibleRows(state).at(-1)?.seq ?? 0;
		state = apply(state, { type: 'open', overlay: { kind: 'select', from: last, to: last } });
		state = apply(state, { type: 'extend-selection', lines: -30 });
		const chosen = visibleRows(state).filter(({ isSelected }) => isSelected);
		expect(chosen[0]?.seq).toBe(last - 30);
		expect(chosen).toHaveLength(visibleRows(state).length);
		state = apply(state, { type: 'extend-selection', screens: 5 });
		expect(state.overlay).toMatchObject({ from: last, to: 500 });
	});
});
