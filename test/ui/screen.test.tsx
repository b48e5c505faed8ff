import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../source/monitor/actions.ts';
import { footerOf } from '../../source/monitor/footer.ts';
import { keyTable } from '../../source/monitor/keys.ts';
import { layoutOf } from '../../source/monitor/layout.ts';
import type { MonitorState, Overlay } from '../../source/monitor/state.ts';
import {
	apply,
	arrive,
	isoIn,
	now,
	record,
	records,
	type Shape,
	session,
	show,
	snapshot,
	stateAfter,
	tunnel,
} from '../monitor/fixtures.ts';
import { frameOf, textOf } from './frame.tsx';

const two = snapshot([session(0, { trigger: 'on_startup' }), tunnel(1)]);
const many = snapshot(
	Array.from({ length: 12 }, (_, node) => (node % 2 === 0 ? session(node) : tunnel(node))),
);
const heard: Action[] = [
	{ type: 'heard', feed: 'log', at: now },
	{ type: 'heard', feed: 'sessions', at: now },
];
const lines = records(1, 200).map((line) => ({ ...line, replica: String(line.seq % 2) }));
const at = (shape: Shape, shown = two, ...more: Action[]): MonitorState =>
	stateAfter([show(shown), arrive(lines), ...heard, ...more], shape);

const small = { columns: 80, rows: 24 };
const large = { columns: 200, rows: 60 };

describe('80x24', () => {
	test('header, table, log and footer', () => {
		const rows = textOf(at(small));
		expect(rows.slice(0, 8)).toEqual([
			' signalbox  digits › 7xk2p9  ● RUNNING 12m 41s   2 nodes · local  ● live · 0 ms',
			'┌───┬────────┬────────────┬───────────┬──────────┬─────────────────────────────┐',
			'│   │ node   │ trigger    │ session   │ expires  │ connect                     │',
			'├───┼────────┼────────────┼───────────┼──────────┼─────────────────────────────┤',
			'│ ❯ │ 0 lead │ on_startup │ ● active  │ 1h 58m   │ signalbox ssh 7xk2p9:0      │',
			'│   │ 1      │ on_demand  │ ○ waiting │ –        │ 4F64-C0D9 github.com/login… │',
			'└───┴────────┴────────────┴───────────┴──────────┴─────────────────────────────┘',
			'12:00:00.000 1   line 185',
		]);
		expect(rows[22]).toBe('12:00:00.000 0   line 200');
		expect(rows[23]).toBe(
			' ▼ follow · 200 lines  e extend  t trigger  s ssh  c copy  space pause  ? help',
		);
	});

	test('more nodes than a third of the screen scroll with the selection', () => {
		const rows = textOf(at(small, many, { type: 'select', by: 11 }));
		expect(rows[2]).toContain('connect · 8–11 of 12 nodes');
		expect(rows.slice(4, 8).map((row) => row.slice(2, 8))).toEqual([
			'  │ 8 ',
			'  │ 9 ',
			'  │ 10',
			'❯ │ 11',
		]);
	});

	test('the help shows every key of the screen, uncut', () => {
		const rows = textOf(apply(at(small), { type: 'open', overlay: { kind: 'help', page: 0 } }));
		const text = rows.join('\n');
		expect(rows).toHaveLength(24);
		expect(text).not.toContain('…');
		const second = apply(at(small), { type: 'open', overlay: { kind: 'help', page: 1 } });
		const all = `${text}\n${textOf(second).join('\n')}`;
		expect(all).not.toContain('…');
		for (const { scope, description } of keyTable) {
			if (scope === 'screen') expect(all).toContain(description);
		}
		for (const words of [
			'extend the selected node',
			'quit; the job goes on',
			'show or hide times',
			'0-9',
			'shift-↑ ctrl-y',
		]) {
			expect(text).toContain(words);
		}
		expect(rows[23]).toContain('esc close');
	});

	test('the prompt shows what the minutes make of the time left, or why they can not be', () => {
		const open = { kind: 'extend', target: 0, text: '90', error: null } as const;
		const rows = textOf(apply(at(small), { type: 'open', overlay: open }));
		expect(rows[21]).toMatch(/^── extend node 0 ─+$/);
		expect(rows[22]).toBe('   add 90▏ minutes   1h 58m left, then 3h 28m');
		expect(rows[23]).toContain('enter extend  esc cancel');
		const refused = apply(
			at(small),
			{ type: 'open', overlay: open },
			{ type: 'refuse', error: 'no' },
		);
		expect(textOf(refused)[22]).toBe('   add 90▏ minutes   ✕ no');
	});

	test('the trigger menu says why a change is impossible', () => {
		const rows = textOf(
			apply(at(small), {
				type: 'open',
				overlay: { kind: 'trigger', node: 0, choice: 'on_failure' },
			}),
		);
		expect(rows.slice(19, 23)).toEqual([
			expect.stringMatching(/^── trigger of node 0 ─+$/),
			'   on_startup  – already the trigger',
			' ❯ on_failure  – on_startup can not be changed',
			'   on_demand   – on_startup can not be changed',
		]);
	});

	test('stopping asks first', () => {
		const rows = textOf(apply(at(small), { type: 'open', overlay: { kind: 'stop' } }));
		expect(rows[22]).toContain('Stop 7xk2p9?');
		expect(rows[23]).toContain('y stop it');
	});

	test('a long message is shown whole', () => {
		const text = `${'no route to the proxy '.repeat(6)}end`;
		const rows = textOf(apply(at(small), { type: 'message', kind: 'error', text, at: now }));
		expect(rows[21]).toMatch(/^ ✕ no route/);
		expect(rows[22]).toMatch(/end$/);
		expect(rows[23]).toContain('▼ follow');
	});

	test('a task has a spinner', () => {
		const rows = textOf(
			apply(at(small), { type: 'task-started', id: 1, label: 'extending node 0' }),
		);
		expect(rows[23]).toMatch(/^ [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] extending node 0/);
	});
});

describe('200x60', () => {
	test('all columns and the whole of each text', () => {
		const rows = textOf(at(large));
		expect(rows[2]).toMatch(/│ provider │ trigger +│ command +│ session/);
		expect(rows[4]).toContain('signalbox ssh 7xk2p9:0');
		expect(rows[5]).toContain('4F64-C0D9 github.com/login/device');
		expect(rows[59]).toContain('all nodes');
	});
});

describe('low and small terminals', () => {
	test('below 16 rows a node takes a line, without a frame', () => {
		const rows = textOf(at({ columns: 80, rows: 12 }));
		expect(rows[1]).toMatch(/^❯ {2}0 lead {2}ssh +on_startup {2}● active/);
		expect(rows[2]).toMatch(/^ {3}1 +vs_code +on_demand {3}○ waiting/);
		expect(rows[3]).toContain('line 193');
	});

	test('a frame that would leave no room for the nodes is left out', () => {
		const rows = textOf(at({ columns: 60, rows: 16 }));
		expect(rows[1]).toMatch(/^❯ {2}0 lead/);
		expect(rows[2]).toMatch(/^ {3}1/);
	});

	test('a help that is cut says so', () => {
		const rows = textOf(
			at({ columns: 60, rows: 10 }, two, { type: 'open', overlay: { kind: 'help', page: 0 } }),
		);
		expect(rows[8]).toBe(' page 1 of 2: space turns it · a taller terminal shows all …');
	});

	test('40x10 says what is needed', () => {
		const rows = textOf(at({ columns: 40, rows: 10 }));
		expect(rows).toHaveLength(10);
		expect(rows[0]).toContain('7xk2p9');
		expect(rows[1]).toContain('Terminal too small');
		expect(Math.max(...rows.map((row) => stringWidth(row)))).toBeLessThanOrEqual(40);
	});
});

describe('what is said without colour', () => {
	test('the selected node, states and urgency are there in words and signs', () => {
		const state = stateAfter(
			[
				show(snapshot([session(0, { expires_at: isoIn(200_000) }), session(1)])),
				arrive([record(1, { message: '\x1b[31mred\x1b[0m', level: 'ERROR' })]),
			],
			small,
		);
		const rows = frameOf(apply(state, { type: 'select', by: 1 }), false);
		const text = rows.join('\n');
		expect(text).not.toMatch(/\x1b\[(3[0-7]|9[0-7]|4[0-7])m/);
		expect(text).toContain('3m 20s');
		expect(text).toContain('● active');
		const selected = rows.filter((row) => row.includes('❯'));
		expect(selected).toHaveLength(1);
		expect(selected[0]).toContain('1');
		expect(selected[0]).toContain('\x1b[1m');
	});

	test('with colour, urgency is amber and then red', () => {
		const cell = (ms: number): string => {
			const shown = snapshot([session(0, { expires_at: isoIn(ms) })]);
			return frameOf(stateAfter([show(shown)], small)).find((row) => row.includes('❯')) ?? '';
		};
		expect(cell(20 * 60_000)).not.toMatch(/\x1b\[3[13]m[^\x1b]*20m 0s/);
		expect(cell(14 * 60_000)).toMatch(/\x1b\[33m[^\x1b]*14m 0s/);
		expect(cell(4 * 60_000)).toMatch(/\x1b\[31m[^\x1b]*4m 0s/);
	});
});

test('before anything has come', () => {
	const rows = textOf(stateAfter([], small));
	expect(rows).toHaveLength(24);
	expect(rows[0]).toContain('7xk2p9');
	expect(rows[0]).toContain('◌ connecting');
	expect(rows.join('\n')).toContain('Connecting …');
});

test('a frame is exactly as high as the terminal and no wider, whatever it shows', () => {
	const overlay = fc.constantFrom<Overlay | null>(
		null,
		{ kind: 'help', page: 0 },
		{ kind: 'extend', target: 'all', text: '9'.repeat(12), error: 'x'.repeat(90) },
		{ kind: 'trigger', node: 0, choice: 'on_demand' },
		{ kind: 'stop' },
		{
			kind: 'pattern',
			use: 'search',
			text: 'é|漢'.repeat(60),
			isPlain: false,
			error: 'x'.repeat(90),
			before: { view: { mode: 'follow' }, search: null },
		},
		{ kind: 'goto', text: '12:30', error: null },
		{ kind: 'filters', choice: 0 },
		{ kind: 'select', from: 1, to: 3 },
		{ kind: 'save', text: '/漢'.repeat(90), isWhole: false, error: null },
	);
	const message = fc.option(fc.string({ maxLength: 400, unit: 'grapheme' }), { nil: null });
	const text = fc.string({ maxLength: 120, unit: 'grapheme' });
	fc.assert(
		fc.property(
			fc.record({
				columns: fc.integer({ min: 20, max: 100 }),
				rows: fc.integer({ min: 3, max: 50 }),
				nodes: fc.integer({ min: 0, max: 20 }),
				overlay,
				message,
				texts: fc.array(text, { maxLength: 8 }),
				wrap: fc.boolean(),
			}),
			({ columns, rows, nodes, overlay: shown, message: told, texts, wrap }) => {
				const sessions = Array.from({ length: nodes }, (_, node) =>
					tunnel(node, {
						reason: texts[0] ?? null,
						auth_code: texts[1] ?? null,
						provider: texts[2] ?? null,
					}),
				);
				const logged = texts.map((line, index) => record(index + 1, { message: line }));
				const state = stateAfter(
					[
						show(snapshot(sessions, { name: texts[3] ?? null })),
						arrive(logged),
						...(shown === null ? [] : [{ type: 'open', overlay: shown } as const]),
						...(told === null
							? []
							: [{ type: 'message', kind: 'warn', text: told, at: now } as const]),
						...(wrap ? [{ type: 'toggle-wrap' } as const] : []),
					],
					{ columns, rows },
				);
				const frame = frameOf(state);
				expect(frame).toHaveLength(rows);
				const { isFramed, tableRows, isTooSmall } = layoutOf(state);
				if (isFramed && !isTooSmall && nodes > 0 && shown?.kind !== 'help') {
					// A row that were too wide would be wrapped, and end without its bar.
					const table = frame.slice(1, 1 + tableRows).map(stripVTControlCharacters);
					expect(table.every((row) => /[┐│┤┘]$/.test(row))).toBe(true);
					expect(new Set(table.map((row) => stringWidth(row)))).toEqual(new Set([columns]));
				}
				// Were the parts higher than the screen together, the footer would be cut off.
				const footer = footerOf(state).left.map(({ text: words }) => words);
				if (!isTooSmall) {
					expect(stripVTControlCharacters(frame.at(-1) ?? '')).toContain(footer.join('').trim());
				}
				for (const row of frame) expect(stringWidth(row.trimEnd())).toBeLessThanOrEqual(columns);
			},
		),
		{ numRuns: 100 },
	);
});
