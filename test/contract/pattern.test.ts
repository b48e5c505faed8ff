import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCase } from '../../source/contract/any-case.ts';
import { Pattern, pieceCharacters } from '../../source/contract/pattern.ts';

const regex = (text: string): Pattern => new Pattern({ text, isPlain: false });
const plain = (text: string): Pattern => new Pattern({ text, isPlain: true });

/** Indices of the lines that have the pattern, found in one go. */
const together = (pattern: Pattern, lines: readonly string[]): number[] => {
	const ends: number[] = [];
	let end = -1;
	for (const line of lines) {
		end += line.length + 1;
		ends.push(end);
	}
	const found: number[] = [];
	pattern.eachLine(lines.join('\n'), ends, (line) => found.push(line));
	return found;
};

describe('smart case', () => {
	test.each([
		['loss', 'Loss 0.3', true],
		['Loss', 'loss 0.3', false],
		['Loss', 'Loss 0.3', true],
		['\\Snan', 'a NaN', false],
		['\\Snan', '=NaN', true],
		['[a-f]1', 'D1', true],
		['[A-F]1', 'd1', false],
		['[^a]z', 'Az', false],
		['é', 'É', true],
		['\\bstep\\b', 'STEP 1', true],
		['(?<step>step) \\d', 'Step 1', true],
		['[\\w-]x', '-X', true],
		['[x-]b', 'XB', true],
		['[\\d-a]b', 'AB', true],
	])('/%s/ in %j: %j', (pattern, line, expected) => {
		expect(regex(pattern).test(line)).toBe(expected);
	});

	test('finds what the flag i finds', () => {
		const piece = fc.constantFrom(
			...[
				'a',
				'Z',
				'é',
				'1',
				'.',
				'\\d',
				'\\.',
				'[a-c]',
				'[^b]',
				'[X-Z1]',
				'(a|Q)',
				'b?',
				'\\x41',
				'$',
			],
		);
		fc.assert(
			fc.property(
				fc.array(piece, { maxLength: 6 }),
				fc.array(fc.string({ unit: fc.constantFrom(...'aAbBcCxXzZqQéÉ1. '), maxLength: 12 })),
				(parts, lines) => {
					const source = parts.join('');
					const [ours, flagged] = [new RegExp(anyCase(source), 'm'), new RegExp(source, 'im')];
					// `\x41` is a letter by its number: that is taken as it stands.
					if (source.includes('\\x41')) return;
					for (const line of lines)
						expect([line, ours.test(line)]).toEqual([line, flagged.test(line)]);
				},
			),
		);
	});
});

describe('plain text', () => {
	test('means itself', () => {
		const text = '$1.5 (a|b) [x]* ^{2} \\d?';
		expect(plain(text).test(`cost ${text}!`)).toBe(true);
		expect(plain('a.c').test('abc')).toBe(false);
	});
});

test('ranges, from left to right, without empty ones', () => {
	expect(regex('o+|x*').ranges('foo box')).toEqual([
		[1, 3],
		[5, 6],
		[6, 7],
	]);
});

describe('many lines in one go', () => {
	test('a match does not reach over the end of its line', () => {
		const lines = ['one', 'two', 'three', ''];
		expect(together(regex('e\\st'), lines)).toEqual([]);
		expect(together(regex('[^x]+$'), lines)).toEqual([0, 1, 2]);
		expect(together(regex('^t'), lines)).toEqual([1, 2]);
		expect(together(regex('^$'), lines)).toEqual([3]);
		expect(together(regex('o[^q]*h'), ['two', 'how', 'oh'])).toEqual([2]);
	});

	test('finds what it finds line by line', () => {
		const patterns = [
			'a',
			'^a',
			'a$',
			'^$',
			'a\\s*b',
			'[^a]b',
			'b*',
			'(ab)+',
			'B',
			'\\bab\\b',
			'.',
		];
		fc.assert(
			fc.property(
				fc.constantFrom(...patterns),
				fc.array(fc.string({ unit: fc.constantFrom(...'aabB \n'), maxLength: 8 }), {
					maxLength: 12,
				}),
				(text, lines) => {
					const pattern = regex(text);
					const one = lines.flatMap((line, index) => (pattern.test(line) ? [index] : []));
					expect(together(pattern, lines)).toEqual(lines.length === 0 ? [] : one);
				},
			),
		);
	});
});

describe('patterns that would take for ever', () => {
	test.each([
		['(a+)+b', 'a'.repeat(pieceCharacters)],
		['(.*)*z', 'loss 0.3312 '.repeat(pieceCharacters / 12)],
		['(x|xx)+y', 'X'.repeat(pieceCharacters)],
		['(\\w+\\s?)*!', 'word '.repeat(pieceCharacters / 5)],
	])('%s is searched for in linear time', (text, line) => {
		// It would not end within the life of this machine if it were not so.
		expect(regex(text).test(line)).toBe(false);
	});

	test.each([
		['(a)\\1', /look-ahead/],
		['(?=x)y', /look-ahead/],
		['x{17}', /16 repetitions/],
		['(', /not a regular expression: unterminated group/],
		['[a', /not a regular expression: unterminated character class/],
		['*', /not a regular expression: nothing to repeat/],
	])('%s is refused in words', (text, words) => {
		expect(() => regex(text)).toThrow(words);
		expect(plain(text).test(`x ${text}`)).toBe(true);
	});
});
