import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test, vi } from 'vitest';
import { cleanLogText, longestLine } from '../../source/contract/log-text.ts';
import { cutLine, wrapLine } from '../../source/monitor/line-rows.ts';
import { applySgr, plainSgr, sgrPrefix } from '../../source/monitor/sgr.ts';
import { LineSplitter } from '../../source/planes/local/line-splitter.ts';
import { steadyColumns } from '../../source/ui/steady-columns.ts';
import { logLines } from './log-lines.ts';

/** More of them by hand: `FUZZ_RUNS=100000 npx vitest run test/corpus/fuzz.test.ts`. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 400);

const short = logLines
	.map(({ bytes }) => Buffer.from(bytes))
	.filter((bytes) => bytes.length > 0 && bytes.length < 200);

/** Characters at which rules of text and of terminals meet. */
const nasty = fc.constantFrom(
	...['\x1b', '\x1b[', '\x9b', '\x1b]8;;', '\x1b]0;', '\x1bP', '\x07', '\x1b\\', '\x9c', ';', 'm'],
	...['\x1b[31m', '\x1b[0m', '\x1b[1;38;5;9m', '\x1b[4:3m', '\x1b[A', '\r', '\n', '\t', '\b', '\0'],
	...[
		'e',
		'\u0301',
		'\u0323',
		'日',
		'한',
		'\u1112',
		'\u1161',
		'\u11ab',
		'🚀',
		'👩',
		'\u200d',
		'🏽',
	],
	...['\ufe0f', '\ufe0e', '🇩', '🇪', '1', '\u20e3', 'क', '\u094d', 'ष', 'ि', '\u200c', '\u0e33'],
	...['\u0601', '\u0d4e', '\uff9e', '\u200b', '\u202e', '\u2028', '\u0085', '\u3164', '\u{e0067}'],
	...['\u{16d63}', '\u{16d67}', '\u0378', '\ud83d', '\ude80', '\u102b', '\u1039', '…', '│', ' '],
);

const text = fc
	.array(fc.oneof({ weight: 3, arbitrary: nasty }, fc.string({ unit: 'binary', maxLength: 5 })), {
		maxLength: 30,
	})
	.map((parts) => Buffer.from(parts.join('')));

/** Whole lines of the corpus, and pieces of them that end anywhere. */
const mixture = fc
	.array(
		fc
			.tuple(fc.nat(short.length - 1), fc.nat(60), fc.nat(60), fc.boolean())
			.map(([at, from, to, isWhole]) => {
				const line = short[at] ?? Buffer.alloc(0);
				return isWhole ? line : line.subarray(from % line.length, to);
			}),
		{ maxLength: 8 },
	)
	.map((pieces) => Buffer.concat(pieces));

const bytes = fc.oneof(
	text,
	mixture,
	fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array)),
);

const width = fc.integer({ min: 2, max: 40 });

const recordsOf = (stream: Buffer): string[] => {
	const splitter = new LineSplitter();
	return [...splitter.push(stream, 0), ...splitter.due(5000), ...splitter.flush()];
};

const sgr = /\x1b\[([0-9;:]*)m/g;
const plain = (line: string): string => line.replaceAll(sgr, '');

/** Cells that a terminal gives which goes by character: the most that any gives. */
const mostCells = (line: string): number => {
	const flags = line.match(/\p{RGI_Emoji_Flag_Sequence}/gv) ?? [];
	const others = [...line.replaceAll(/\p{RGI_Emoji_Flag_Sequence}/gv, '')];
	const visible = others.filter((character) => !/[\p{Mn}\p{Me}\u200c]/u.test(character));
	return visible.reduce((sum, character) => sum + stringWidth(character), 2 * flags.length);
};

/** Each character of a line with the styles that are in force on it. */
const styledCharacters = (line: string): string[] => {
	const state = plainSgr();
	let at = 0;
	const characters: string[] = [];
	const take = (end: number): void => {
		for (const character of line.slice(at, end)) characters.push(sgrPrefix(state) + character);
	};
	for (const { 0: sequence, 1: parameters = '', index } of line.matchAll(sgr)) {
		take(index);
		at = index + sequence.length;
		applySgr(state, parameters);
	}
	take(line.length);
	return characters;
};

const expectRow = (row: string, cells: number): void => {
	expect(plain(row)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
	expect(stringWidth(row)).toBeLessThanOrEqual(cells);
	expect(mostCells(plain(row))).toBeLessThanOrEqual(cells);
	const last = row.lastIndexOf('\x1b');
	// What is left open would colour the rest of the screen.
	if (last !== -1) expect(row.slice(last)).toMatch(/^\x1b\[0m…?$/);
};

describe('whatever bytes a job prints', () => {
	test('nothing but text, colours and line feeds is left, and cleaning it again changes nothing', () => {
		fc.assert(
			fc.property(bytes, (stream) => {
				for (const record of recordsOf(stream)) {
					const clean = cleanLogText(record);
					expect(plain(clean)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]/);
					expect(cleanLogText(clean)).toBe(clean);
					expect(clean.isWellFormed()).toBe(true);
				}
			}),
			{ numRuns },
		);
	});

	test('rows fit, end their styles, and lose nothing', () => {
		fc.assert(
			fc.property(bytes, width, (stream, cells) => {
				for (const record of recordsOf(stream)) {
					const clean = cleanLogText(record);
					const rows = wrapLine(clean, cells);
					for (const row of rows) expectRow(row, cells);
					const shown = styledCharacters(clean).filter((character) => !character.endsWith('\n'));
					expect(rows.flatMap(styledCharacters)).toEqual(shown);
				}
			}),
			{ numRuns },
		);
	});

	test('a row that is cut fits, ends its styles, and is the beginning of the line', () => {
		fc.assert(
			fc.property(bytes, width, (stream, cells) => {
				for (const record of recordsOf(stream)) {
					const clean = cleanLogText(record);
					const row = cutLine(clean, cells);
					expectRow(row, cells);
					const whole = plain(clean).replaceAll('\n', ' ↵ ');
					if (plain(row) === whole) continue;
					expect(plain(row).endsWith('…')).toBe(true);
					expect(whole.startsWith(plain(row).slice(0, -1))).toBe(true);
					// No more is left out than has no room.
					expect(stringWidth(row)).toBeGreaterThan(cells - 2);
				}
			}),
			{ numRuns },
		);
	});

	test('a place is named after what some count otherwise, and nothing else is changed', () => {
		fc.assert(
			fc.property(bytes, width, (stream, cells) => {
				for (const record of recordsOf(stream)) {
					const frame = wrapLine(cleanLogText(record), cells).join('\n');
					const steady = steadyColumns(frame);
					expect(steady.replaceAll(/\x1b\[\d+G/g, '')).toBe(frame);
					for (const { index } of steady.matchAll(/\x1b\[\d+G/g)) {
						const before = steady.slice(steady.lastIndexOf('\n', index) + 1, index);
						const column = stringWidth(before.replaceAll(/\x1b\[\d+G/g, ''));
						expect(steady.slice(index)).toMatch(new RegExp(`^\\x1b\\[${column + 1}G`));
					}
				}
			}),
			{ numRuns },
		);
	});
});

describe('the longest line costs a fixed number of looks at each character', () => {
	const pieces = [
		...[
			'x',
			'\r',
			'\t',
			'\x1b',
			'\x1b(',
			'\x1b[1;',
			'\x1b[1m',
			'\x1b[31mx',
			'\x1b]8;;x',
			'\x1bP',
			'\x07',
		],
		...[
			'日',
			'🚀 ',
			'👩\u200d',
			'e\u0301',
			'\u0301',
			'\u0301\u0323',
			'\u200b',
			'\u200c',
			'क्',
			'कि',
			'น้ำ',
		],
		...['\u1161', '\u1100', '🇩', '\u0378', '\u{16d63}', 'ｶﾞ', '\u0d4e', '\x1b[1m日é'],
	];

	/** Characters that were looked at by what takes the most time. */
	const looks = (work: () => void): number => {
		let count = 0;
		const segment = vi.spyOn(Intl.Segmenter.prototype, 'segment');
		const normalize = vi.spyOn(String.prototype, 'normalize');
		try {
			work();
			for (const [given] of segment.mock.calls) count += given.length;
			for (const given of normalize.mock.contexts) count += String(given).length;
			return count;
		} finally {
			segment.mockRestore();
			normalize.mockRestore();
		}
	};

	test.each(pieces.map((piece) => [JSON.stringify(piece), piece]))('%s', (_, piece) => {
		const raw = piece.repeat(Math.ceil(longestLine / piece.length)).slice(0, longestLine);
		let clean = '';
		expect(
			looks(() => {
				clean = cleanLogText(raw);
			}),
		).toBeLessThanOrEqual(6 * raw.length);
		// A tab is up to 8 characters, a number of a code point up to 10.
		expect(clean.length).toBeLessThanOrEqual(10 * raw.length);
		let rows: readonly string[] = [];
		expect(
			looks(() => {
				rows = wrapLine(clean, 80);
			}),
		).toBeLessThanOrEqual(6 * clean.length);
		expect(rows.length).toBeLessThanOrEqual(clean.length + 1);
		expect(looks(() => cutLine(clean, 80))).toBeLessThanOrEqual(6 * clean.length);
	});
});
