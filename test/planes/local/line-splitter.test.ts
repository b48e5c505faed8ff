import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineSplitter, longestLineBytes } from '../../../source/planes/local/line-splitter.ts';

/** All lines of some chunks that arrive at one moment. */
const split = (...chunks: (string | Buffer)[]): string[] => {
	const splitter = new LineSplitter();
	const lines = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk), 0));
	return [...lines, ...splitter.flush()];
};

/** Cuts bytes at the given places. */
const cutAt = (bytes: Buffer, places: readonly number[]): Buffer[] => {
	const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length];
	const sorted = [0, ...ends.toSorted((a, b) => a - b)];
	return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
};

describe('lines', () => {
	test.each([
		['end at line feeds', 'one\ntwo\n', ['one', 'two']],
		['may end with the stream', 'one\ntwo', ['one', 'two']],
		['may be empty', 'one\n\ntwo\n', ['one', '', 'two']],
		['lose a carriage return before the line feed', 'one\r\ntwo\r\n', ['one', 'two']],
		['of a progress bar fold into its first and its last state', '1%\r2%\r3%\n', ['1%', '3%']],
		['of a finished bar are not told twice', '100%\r\n', ['100%']],
	])('%s', (_name, text, lines) => {
		expect(split(text)).toEqual(lines);
	});

	test('a progress bar shows its state once a second', () => {
		const splitter = new LineSplitter();
		const at = (ms: number, text: string) => splitter.push(Buffer.from(text), ms);
		expect(at(0, '1%\r')).toEqual(['1%']);
		expect(at(999, '2%\r')).toEqual([]);
		expect(at(1000, '3%\r')).toEqual(['3%']);
		expect(at(1001, '4%\r')).toEqual([]);
		expect(splitter.flush()).toEqual(['4%']);
	});

	test('a character may arrive in pieces, and what is no UTF-8 is replaced', () => {
		const bytes = Buffer.from('漢字\n');
		expect(split(bytes.subarray(0, 1), bytes.subarray(1, 4), bytes.subarray(4))).toEqual(['漢字']);
		expect(split(Buffer.from([0x61, 0xff, 0x62, 0x0a]))).toEqual(['a\ufffdb']);
	});

	test('a line without end is cut, says by how much, and costs no memory', () => {
		const piece = Buffer.alloc(longestLineBytes, 'x');
		const [line = '', ...others] = split(piece, piece, 'yz\nnext\n');
		expect(line).toBe(`${'x'.repeat(longestLineBytes)} … [${longestLineBytes + 2} bytes cut]`);
		expect(others).toEqual(['next']);
	});
});

const texts = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '漢', ' '), maxLength: 60 });
const places = fc.array(fc.nat(200), { maxLength: 6 });

test('however the bytes are cut, the lines are the same', () => {
	fc.assert(
		fc.property(texts, places, (text, cuts) => {
			expect(split(...cutAt(Buffer.from(text), cuts))).toEqual(split(text));
		}),
	);
});

test('a reader that goes on from what was settled loses and doubles nothing', () => {
	const plain = texts.map((text) => text.replaceAll('\r', ''));
	fc.assert(
		fc.property(plain, fc.nat(200), (text, place) => {
			const bytes = Buffer.from(text);
			const first = new LineSplitter();
			const before = first.push(bytes.subarray(0, place % (bytes.length + 1)), 0);
			const after = split(bytes.subarray(first.settledBytes));
			expect([...before, ...after]).toEqual(split(text));
		}),
	);
});
