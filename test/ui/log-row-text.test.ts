import { describe, expect, test } from 'vitest';
import { formatTime } from '../../source/monitor/clock-time.ts';
import type { LogRow } from '../../source/monitor/log-view.ts';
import { drawnRow, logRowText } from '../../source/ui/log-row-text.ts';
import { now } from '../monitor/fixtures.ts';

const row: LogRow = {
	seq: 1,
	row: 0,
	time: now + 7,
	node: 1,
	level: 'INFO',
	text: 'step 1',
	cut: [],
	isStyled: false,
	mark: '',
	isSelected: false,
};
const style = { timestamps: true, nodeCells: 3, levelCells: 2, hasColour: true };
const plain = { ...style, hasColour: false };

test('times are as wide as their absence', () => {
	expect(formatTime(now + 7)).toBe('12:00:00.007');
	expect(formatTime(Number.NaN)).toBe(' '.repeat(12));
});

describe('without colour', () => {
	test.each([
		['time, node and text', row, plain, '12:00:00.007  1   step 1'],
		['an error', { ...row, level: 'CRITICAL' }, plain, '12:00:00.007  1 E step 1'],
		['a warning', { ...row, level: 'warn' }, plain, '12:00:00.007  1 W step 1'],
		['a line of the plane itself', { ...row, node: null }, plain, '12:00:00.007  ·   step 1'],
		['the continuation of a line', { ...row, row: 1 }, plain, `${' '.repeat(18)}step 1`],
		[
			'the continuation of an error',
			{ ...row, row: 1, level: 'ERROR' },
			plain,
			`${' '.repeat(18)}step 1`,
		],
		['no times', row, { ...plain, timestamps: false }, ' 1   step 1'],
		['one node only', row, { ...plain, nodeCells: 0 }, '12:00:00.007   step 1'],
		['no signs', { ...row, level: 'ERROR' }, { ...plain, levelCells: 0 }, '12:00:00.007  1 step 1'],
		['a node beyond the width', { ...row, node: 100 }, plain, '12:00:00.007 100   step 1'],
		['a coloured line', { ...row, text: '\x1b[31mx\x1b[0m' }, plain, '12:00:00.007  1   x'],
	])('%s', (_, shown, how, text) => expect(logRowText(shown, how)).toBe(text));
});

describe('with colour', () => {
	const bare = { ...style, timestamps: false, nodeCells: 0 };
	const sign = '\x1b[1;7;31mE\x1b[0m ';
	test.each([
		['an error is red', { ...row, level: 'error' }, `${sign}\x1b[1;31mstep 1\x1b[0m`],
		[
			'a warning is bold behind a yellow sign',
			{ ...row, level: 'WARN' },
			'\x1b[30;43mW\x1b[0m \x1b[1mstep 1\x1b[0m',
		],
		[
			'its own colours stay',
			{ ...row, level: 'ERROR', text: '\x1b[32mok\x1b[0m', isStyled: true },
			`${sign}\x1b[32mok\x1b[0m`,
		],
		['a gap is inverse', { ...row, level: 'GAP' }, '  \x1b[7mstep 1\x1b[0m'],
		['anything else is plain', row, '  step 1'],
		['a level of another kind too', { ...row, level: 'constructor' }, '  step 1'],
		['no level too', { ...row, level: null }, '  step 1'],
		['an empty line has no styles', { ...row, level: 'ERROR', row: 1, text: '' }, '  '],
	])('%s', (_, shown, text) => expect(logRowText(shown, bare)).toBe(text));

	const named = { ...style, timestamps: false, levelCells: 0 };
	test.each([
		['a number with its stripe', row, ' 1\x1b[42m \x1b[0mstep 1'],
		['a bold one', { ...row, node: 5 }, ' \x1b[1m5\x1b[0m\x1b[42m \x1b[0mstep 1'],
		['no stripe without a number', { ...row, row: 1 }, '   step 1'],
		['the plane itself', { ...row, node: null }, ' \x1b[2m· \x1b[0mstep 1'],
	])('%s', (_, shown, text) => expect(logRowText(shown, named)).toBe(text));
});

describe('marks', () => {
	const bare = { ...style, timestamps: false, nodeCells: 0 };
	const found = { ...row, level: 'ERROR', text: 'a \x1b[7mmatch\x1b[0m b' };

	test('a match stays within the look of its level, and without colours', () => {
		expect(logRowText(found, bare)).toContain('\x1b[1;31ma \x1b[7mmatch\x1b[0;1;31m b\x1b[0m');
		const styled = { ...found, text: '\x1b[31ma \x1b[0;31;4;7mmatch\x1b[0;31m b\x1b[0m' };
		expect(logRowText(styled, { ...bare, hasColour: false })).toBe('E a \x1b[0;4;7mmatch\x1b[0m b');
	});

	test('a bookmark and a traceback stand in place of the sign', () => {
		const noColour = { ...bare, hasColour: false };
		expect(logRowText({ ...row, level: 'ERROR', mark: '◆' }, noColour)).toBe('◆ step 1');
		expect(logRowText({ ...row, level: 'ERROR', mark: '▸' }, noColour)).toBe('▸ step 1');
	});

	test('a chosen line is reversed whole', () => {
		expect(logRowText({ ...found, isSelected: true }, bare)).toBe('\x1b[7mE a match b\x1b[0m');
	});
});

test('a row is made once, and anew when what it shows or how has changed', () => {
	const cut = ['first', 'second'];
	const [first, second] = cut.map((text, index): LogRow => ({ ...row, cut, text, row: index }));
	if (first === undefined || second === undefined) throw new Error('no rows');
	expect([drawnRow(first, style), drawnRow(second, style)]).toEqual([
		logRowText(first, style),
		logRowText(second, style),
	]);
	// The same list stands for the same rows: what is in them is not looked at again.
	expect(drawnRow({ ...first, text: 'other' }, style)).toBe(logRowText(first, style));
	const marked = { ...first, mark: '◆' } as const;
	expect(drawnRow(marked, style)).toBe(logRowText(marked, style));
	expect(drawnRow(first, plain)).toBe(logRowText(first, plain));
});
