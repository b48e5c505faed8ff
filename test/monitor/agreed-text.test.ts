import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { agreedText, clustersOf } from '../../source/contract/agreed-text.ts';
import { safeText } from '../../source/monitor/fit.ts';

/** Cells that a terminal gives which goes by character: the most that any gives. */
const mostCells = (text: string): number => {
	const flag = /\p{RGI_Emoji_Flag_Sequence}/gv;
	const visible = [...text.replaceAll(flag, '日')].filter(
		(character) => !/[\p{Mn}\p{Me}\u200c]/u.test(character),
	);
	return visible.reduce((sum, character) => sum + stringWidth(character), 0);
};

const every = Array.from({ length: 0x20000 }, (_, code) => code)
	.filter((code) => code >= 0xa0 && (code < 0xd800 || code > 0xdfff))
	.map((code) => String.fromCodePoint(code))
	// What joins, shows nothing or is in dispute; of all others a sample.
	.filter(
		(character, index) =>
			index % 97 === 0 ||
			/[\p{M}\p{Cf}\p{Extended_Pictographic}\p{Regional_Indicator}\p{Default_Ignorable_Code_Point}]/u.test(
				character,
			),
	);

describe('the cells of a form are those of its characters, and it is a form of itself', () => {
	test.each([
		['alone', (character: string) => character],
		['after a letter', (character: string) => `a${character}b`],
		['after a wide letter', (character: string) => `日${character}`],
		['after Hangul', (character: string) => `한${character}`],
		['after an emoji', (character: string) => `👩${character}`],
		['after a joiner', (character: string) => `👩\u200d${character}`],
		['after a virama', (character: string) => `क्${character}`],
		['after half a flag', (character: string) => `🇩${character}`],
		['after a digit', (character: string) => `1${character}`],
		['as an emoji', (character: string) => `${character}\ufe0f`],
		['with a skin tone', (character: string) => `${character}🏽`],
		['three times', (character: string) => character.repeat(3)],
	])('%s', (_, textOf) => {
		const wrong = every.map(textOf).filter((text) => {
			const form = agreedText(text);
			return stringWidth(form) !== mostCells(form) || agreedText(form) !== form;
		});
		expect(wrong).toEqual([]);
	});
});

test('clusters are those of the text', () => {
	const text = 'aé日本e\u0301 🚀👩‍👩‍👧 🇩🇪क्षि|\u0301x';
	const segments = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
	expect([...clustersOf(text)]).toEqual(segments);
});

test('a name is in such a form too, without what could move a cursor or a border', () => {
	expect(safeText('a\x1b[2J\t\u202e👩‍👩‍👧\u2028❤️')).toBe('a[2J👩👩👧❤');
});
