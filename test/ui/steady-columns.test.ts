import { describe, expect, test } from 'vitest';
import { steadyColumns } from '../../source/ui/steady-columns.ts';

describe('what is written', () => {
	test.each([
		['ascii, frames and ideographs stay', '│ a 日本 █\x1b[31mx', '│ a 日本 █\x1b[31mx'],
		['an emoji names the column after it', 'a🚀b', 'a🚀\x1b[4Gb'],
		['styles take no column', '\x1b[31ma🚀\x1b[0mb', '\x1b[31ma🚀\x1b[4G\x1b[0mb'],
		['each row begins at the left', 'abc\n🚀', 'abc\n🚀\x1b[3G'],
		['it may begin elsewhere', '\x1b[11G🚀x', '\x1b[11G🚀\x1b[13Gx'],
		['the next row by a movement', 'abc\x1b[E🚀', 'abc\x1b[E🚀\x1b[3G'],
		['a place on the screen', '\x1b[5;8H🚀', '\x1b[5;8H🚀\x1b[10G'],
		['movements within a row', 'ab\x1b[D\x1b[3C🚀', 'ab\x1b[D\x1b[3C🚀\x1b[7G'],
		['a letter and its marks are one', 'e\u0301x', 'e\u0301\x1b[2Gx'],
		['a link takes no column', '\x1b]8;;http://a/\x07🚀', '\x1b]8;;http://a/\x07🚀\x1b[3G'],
	])('%s', (_, output, steady) => expect(steadyColumns(output)).toBe(steady));
});
