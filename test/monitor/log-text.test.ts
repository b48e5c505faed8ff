import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanLogText, longestLine } from '../../source/contract/log-text.ts';

describe('what stays', () => {
	test.each([
		['plain text', 'step 1 [YELLOW] {x}', 'step 1 [YELLOW] {x}'],
		[
			'colours',
			'\x1b[1;31mred\x1b[0m \x1b[38;5;208mx\x1b[m',
			'\x1b[1;31mred\x1b[0m \x1b[38;5;208mx\x1b[m',
		],
		['colours with colons', '\x1b[38:2::1:2:3mx', '\x1b[38:2::1:2:3mx'],
		['8-bit introduced colours, in the 7-bit form', '\x9b32mgo', '\x1b[32mgo'],
		['wide characters', '日本語 👩👧 é', '日本語 👩👧 é'],
		['line feeds', 'a\nb', 'a\nb'],
	])('%s', (_, raw, clean) => expect(cleanLogText(raw)).toBe(clean));
});

describe('what goes', () => {
	test.each([
		['cursor movement', 'a\x1b[2Jb\x1b[10;10Hc\x1b[Kd', 'abcd'],
		['private modes', '\x1b[?1049hx\x1b[?25l', 'x'],
		['a sequence that only looks like a colour', '\x1b[>4;2mx\x1b[1 mx', 'xx'],
		['a title', '\x1b]0;owned\x07x', 'x'],
		['a clipboard write', '\x1b]52;c;ZXZpbA==\x1b\\x', 'x'],
		['device strings', '\x1bP+q544e\x1b\\a\x1b_apc\x1b\\b\x1b^pm\x1b\\c\x1bXsos\x1b\\d', 'abcd'],
		['8-bit strings', '\x9d0;t\x9cx\x90q\x9cy', 'xy'],
		['other escapes', '\x1bcx\x1b(By\x1b7z\x1b', 'xyz'],
		['direction overrides', 'a\u202eb\u2066c', 'abc'],
		['an introducer without an end, whose text stays', 'a\x1b]0;b', 'a0;b'],
	])('%s', (_, raw, clean) => expect(cleanLogText(raw)).toBe(clean));
});

describe('what changes', () => {
	test.each([
		['tabs', 'a\tb\t\tc', `a${' '.repeat(7)}b${' '.repeat(15)}c`],
		['tabs after colours and wide characters', '\x1b[31m日\tx', `\x1b[31m日${' '.repeat(6)}x`],
		['controls', 'a\x00b\x07c\x7f\x08', 'a^@b^Gc^?^H'],
		['a progress bar', ' 10%\r 50%\r100%', '100%'],
		['a progress bar that ends at the left', ' 10%\r 50%\r', ' 50%'],
		['line ends of another system', 'a\r\nb\r\n', 'a\nb\n'],
		['a link', '\x1b]8;id=1;https://a.b/c\x07run\x1b]8;;\x07 x', 'run <https://a.b/c> x'],
		['a link that is not closed', '\x1b]8;;https://a.b\x1b\\run', 'run <https://a.b>'],
	])('%s', (_, raw, clean) => expect(cleanLogText(raw)).toBe(clean));

	test('a line without end is cut, and says so', () => {
		const clean = cleanLogText('x'.repeat(longestLine + 5));
		expect(clean).toHaveLength(longestLine + 1);
		expect(clean.endsWith('…')).toBe(true);
	});
});

test('nothing but colours and line feeds can reach the terminal', () => {
	const nasty = fc.constantFrom(
		'\x1b',
		'[',
		']',
		'\x9b',
		'\x9d',
		'\x07',
		'\x1b\\',
		'8;;',
		';',
		'm',
		'3',
		'P',
		'\r',
		'\t',
		'\n',
		'é',
		'日',
		'x',
		'\u202e',
	);
	fc.assert(
		fc.property(fc.array(fc.oneof(nasty, fc.string()), { maxLength: 40 }), (parts) => {
			const rest = cleanLogText(parts.join('')).replaceAll(/\x1b\[[0-9;:]*m/g, '');
			expect(rest).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
		}),
		{ numRuns: 1000 },
	);
});

test.each([
	['introducers without end', '\x1b]8;;x'],
	['carriage returns', '\r'],
	['colours', '\x1b[1m'],
	['parameters', '\x1b[1;'],
	['escapes', '\x1b('],
	['tabs', '\t'],
])('takes linear time for a long run of %s', (_, piece) => {
	const raw = `${piece.repeat(longestLine / piece.length - 1)}x`;
	const started = performance.now();
	for (let round = 0; round < 5; round++) cleanLogText(raw);
	// A quadratic walk over 64 Ki characters takes seconds.
	expect(performance.now() - started).toBeLessThan(1500);
});
