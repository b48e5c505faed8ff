import { describe, expect, test } from 'vitest';
import { formatTime } from '../../source/monitor/clock-time.ts';
import type { LogRow } from '../../source/monitor/log-view.ts';
import { logRowText } from '../../source/ui/log-row-text.ts';
import { nodeSgr } from '../../source/ui/theme.ts';
import { now } from '../monitor/fixtures.ts';

const row: LogRow = {
	seq: 1,
	row: 0,
	time: now + 7,
	node: 1,
	level: 'INFO',
	text: 'step 1',
	isStyled: false,
	isBookmarked: false,
	isSelected: false,
};
const style = { timestamps: true, nodeCells: 3, hasColour: true };
const plain = { ...style, hasColour: false };

test('times are as wide as their absence', () => {
	expect(formatTime(now + 7)).toBe('12:00:00.007');
	expect(formatTime(Number.NaN)).toBe(' '.repeat(12));
});

describe('without colour', () => {
	test.each([
		['time, node and text', row, plain, '12:00:00.007  1 step 1'],
		['a line of the plane itself', { ...row, node: null }, plain, '12:00:00.007  · step 1'],
		['the continuation of a line', { ...row, row: 1 }, plain, `${' '.repeat(16)}step 1`],
		['no times', row, { ...plain, timestamps: false }, ' 1 step 1'],
		['one node only', row, { ...plain, nodeCells: 0 }, '12:00:00.007 step 1'],
		['a coloured line', { ...row, text: '\x1b[31mx\x1b[0m' }, plain, '12:00:00.007  1 x'],
	])('%s', (_, shown, how, text) => expect(logRowText(shown, how)).toBe(text));
});

describe('with colour', () => {
	const bare = { ...style, timestamps: false, nodeCells: 0 };
	test.each([
		['an error is red', { ...row, level: 'error' }, '\x1b[31mstep 1\x1b[0m'],
		['a warning is amber', { ...row, level: 'WARNING' }, '\x1b[33mstep 1\x1b[0m'],
		[
			'its own colours stay',
			{ ...row, level: 'ERROR', text: '\x1b[32mok\x1b[0m' },
			'\x1b[32mok\x1b[0m',
		],
		['anything else is plain', row, 'step 1'],
	])('%s', (_, shown, text) => expect(logRowText(shown, bare)).toBe(text));

	test('a node keeps its colour, and eight nodes differ', () => {
		const looks = Array.from({ length: 8 }, (_, node) => nodeSgr(node));
		expect(new Set(looks).size).toBe(8);
		expect(logRowText(row, style)).toContain(`\x1b[${looks[1]}m 1 \x1b[0m`);
	});
});
