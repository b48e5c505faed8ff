import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { cleanLogText } from '../../source/contract/log-text.ts';
import { cutLine, wrapLine } from '../../source/monitor/line-rows.ts';

const plain = (text: string): string => text.replaceAll(/\x1b\[[0-9;:]*m/g, '');

describe('cutLine', () => {
	test.each([
		['fits', 'abc', 3, 'abc'],
		['ascii', 'abcdef', 4, 'abc…'],
		['wide characters at the edge', '日本語', 5, '日本…'],
		['half a wide character is none', '日本語', 4, '日…'],
		['several lines in one', 'a\nb', 10, 'a ↵ b'],
		['empty', '', 5, ''],
	])('%s', (_, text, width, row) => expect(cutLine(text, width)).toBe(row));

	test('colours end where the row ends', () => {
		expect(cutLine('\x1b[31mabcdef', 4)).toBe('\x1b[31mabc\x1b[0m…');
		expect(cutLine('\x1b[31mab\x1b[0m', 4)).toBe('\x1b[31mab\x1b[0m');
	});
});

describe('wrapLine', () => {
	test('breaks at the width and at line feeds', () => {
		expect(wrapLine('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
		expect(wrapLine('abcdef', 3)).toEqual(['abc', 'def']);
		expect(wrapLine('ab\n\ncdef', 3)).toEqual(['ab', '', 'cde', 'f']);
		expect(wrapLine('日本\n語', 2)).toEqual(['日', '本', '語']);
		expect(wrapLine('', 3)).toEqual(['']);
	});

	test('styles go on from row to row', () => {
		expect(wrapLine('a\x1b[1;31mbcd\x1b[22me\x1b[0mf', 3)).toEqual([
			'a\x1b[1;31mbc\x1b[0m',
			'\x1b[1;31md\x1b[0m\x1b[31me\x1b[0mf\x1b[0m',
		]);
	});

	test('colours with colons and blinking are made plain', () => {
		expect(wrapLine('\x1b[5;38:2::1:2:3mx\x1b[48:5:7my', 5)).toEqual([
			'\x1b[38;2;1;2;3mx\x1b[0m\x1b[38;2;1;2;3;48;5;7my\x1b[0m',
		]);
	});

	test('takes linear time for the longest line', () => {
		const text = '\x1b[31m日é'.repeat(65_536 / 7);
		const started = performance.now();
		wrapLine(text, 80);
		expect(performance.now() - started).toBeLessThan(2000);
	});
});

const piece = fc.oneof(
	fc.constantFrom(
		'\x1b[31m',
		'\x1b[0m',
		'\x1b[1;48;5;9m',
		'日本',
		'👩‍👩‍👧',
		'1\ufe0f\u20e3',
		'e\u0301',
		'\n',
		'क्षि',
		'🇩🇪',
		'\u200b',
		'👋🏽',
	),
	fc.string({ unit: 'grapheme', maxLength: 12 }),
	fc.string({ unit: 'binary', maxLength: 6 }),
);
const line = fc.array(piece, { maxLength: 12 }).map((pieces) => cleanLogText(pieces.join('')));
const width = fc.integer({ min: 2, max: 24 });

test('a row is never wider than it may be', () => {
	fc.assert(
		fc.property(line, width, (text, cells) => {
			expect(stringWidth(cutLine(text, cells))).toBeLessThanOrEqual(cells);
			for (const row of wrapLine(text, cells)) {
				expect(stringWidth(row)).toBeLessThanOrEqual(cells);
			}
		}),
		{ numRuns: 3000 },
	);
});

test('wrapping loses nothing', () => {
	fc.assert(
		fc.property(line, width, (text, cells) => {
			expect(wrapLine(text, cells).map(plain).join('')).toBe(plain(text).replaceAll('\n', ''));
		}),
	);
});
