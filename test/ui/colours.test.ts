import { describe, expect, test } from 'vitest';
import { logLevels } from '../../source/contract/log.ts';
import type { LogRow } from '../../source/monitor/log-view.ts';
import { logRowText } from '../../source/ui/log-row-text.ts';
import { levelLook, nodeLook } from '../../source/ui/theme.ts';
import { now } from '../monitor/fixtures.ts';
import { contrast, difference, eyes, palettes, shown } from './palettes.ts';

const ranks = Array.from({ length: 16 }, (_, node) => node);
const row: LogRow = {
	seq: 1,
	row: 0,
	time: now,
	node: 0,
	level: null,
	text: 'step 1',
	cut: [],
	isStyled: false,
	mark: '',
	isSelected: false,
};
const style = { timestamps: false, nodeCells: 3, levelCells: 2, hasColour: true };
const noColour = { ...style, hasColour: false };

test('the ratio of WCAG, and distances that grow with the difference', () => {
	expect(contrast('000000', 'ffffff')).toBe(21);
	expect(contrast('777777', 'ffffff')).toBeCloseTo(4.48, 2);
	expect(difference('000000', 'ffffff', 'normal sight')).toBeCloseTo(1, 2);
	const redGreen = Object.keys(eyes).map((sight) => difference('cd3131', '859900', sight));
	expect(redGreen[0]).toBeGreaterThan(2 * (redGreen[2] ?? 1));
});

describe.each(palettes)('$name', (palette) => {
	const texts = [
		...logLevels.flatMap((level) => Object.values(levelLook(level))),
		...ranks.map((node) => nodeLook(node).number),
	];

	test.each([false, true])('all that is written can be read, bold brightens: %s', (brightens) => {
		for (const parameters of texts) {
			const { text, ground } = shown(palette, parameters, brightens);
			expect([parameters, contrast(text, ground) >= 3]).toEqual([parameters, true]);
		}
	});

	test.each(Object.keys(eyes))('what matters is told apart by %s', (sight) => {
		const at = (parameters: string) => shown(palette, parameters, false);
		const stripes = [0, 1, 2].map((node) => at(nodeLook(node).stripe).ground);
		const [first = '', second = '', third = ''] = stripes;
		expect(difference(first, second, sight)).toBeGreaterThan(0.24);
		expect(difference(first, third, sight)).toBeGreaterThan(0.1);
		expect(difference(second, third, sight)).toBeGreaterThan(0.1);
		const error = at(levelLook('ERROR').text).text;
		expect(difference(error, palette.foreground, sight)).toBeGreaterThan(0.1);
	});
});

test('no two of sixteen ranks look the same, with colour or without', () => {
	const looks = ranks.map((node) => Object.values(nodeLook(node)).join(' '));
	expect(new Set(looks).size).toBe(16);
	for (const each of [style, noColour])
		expect(new Set(ranks.map((node) => logRowText({ ...row, node }, each))).size).toBe(16);
});

test('a rank keeps its look, whatever other ranks there are', () => {
	expect(ranks.map((node) => nodeLook(node + 16))).toEqual(ranks.map((node) => nodeLook(node)));
});

test('nothing is told by colour alone: number and sign stand there without it', () => {
	for (const node of ranks) {
		expect(logRowText({ ...row, node }, noColour)).toMatch(new RegExp(`^ *${node} +step 1$`));
		expect(logRowText({ ...row, node }, style)).toContain(String(node));
	}
	const rows = [...logLevels, null].map((level) => logRowText({ ...row, level }, noColour));
	expect(rows).toEqual([' 0   step 1', ' 0   step 1', ' 0 W step 1', ' 0 E step 1', ' 0   step 1']);
	// Where a row has no number, it has no stripe either.
	expect(logRowText({ ...row, row: 1 }, style)).toBe('     step 1');
});

test('colour never widens a row', () => {
	for (const node of [...ranks, 100, null])
		for (const level of [...logLevels, 'GAP', null])
			for (const at of [0, 1]) {
				const each = { ...row, node, level, row: at };
				const plain = logRowText(each, style).replace(/\x1b\[[0-9;]*m/g, '');
				expect(plain).toBe(logRowText(each, noColour));
			}
});
