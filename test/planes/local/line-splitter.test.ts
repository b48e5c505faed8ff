import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRedraw } from '../../../source/contract/redraw.ts';
import { LineSplitter, longestLineBytes } from '../../../source/planes/local/line-splitter.ts';

/** All lines of some chunks that arrive at one moment. */
const split = (...chunks: (string | Buffer)[]): string[] => {
	const splitter = new LineSplitter();
	const lines = chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk), 0));
	return [...lines, ...splitter.flush()];
};

/** The lines that nothing replaces. */
const finals = (lines: readonly string[]): string[] => lines.filter((line) => !isRedraw(line));

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
		['lose carriage returns before the line feed', 'one\r\ntwo\r\n', ['one', 'two']],
		['of a progress bar fold into its first and its last state', '1%\r2%\r3%\n', ['1%\r', '3%']],
		['end a redraw also when they equal it', '100%\r100%\n', ['100%\r', '100%']],
		['end a redraw also when nothing comes after it', '99%\r100%\r', ['99%\r', '100%']],
		['of a finished bar are not told twice', '100%\r\n', ['100%']],
		['follow a bar that is wiped off', '50%\r   \rdone\n', ['50%\r', 'done']],
		['are not changed by colours after them', '50%\r\x1b[0m\n', ['50%\r', '50%']],
		['that are blank stay', '  \n\x1b[0m\n', ['  ', '\x1b[0m']],
	])('%s', (_name, text, lines) => {
		expect(split(text)).toEqual(lines);
	});

	test('a progress bar shows its state once a second', () => {
		const splitter = new LineSplitter();
		const at = (ms: number, text: string) => splitter.push(Buffer.from(text), ms);
		expect(at(0, '1%\r')).toEqual([]);
		expect(at(1, '2%\r')).toEqual(['1%\r']);
		expect(at(1000, '3%\r')).toEqual([]);
		expect(at(1001, '4%\r')).toEqual(['3%\r']);
		expect(splitter.flush()).toEqual(['4%']);
	});

	test('the state of a bar that stands still comes out when its time has come', () => {
		const splitter = new LineSplitter();
		expect(splitter.push(Buffer.from('1%\r2%\r3'), 0)).toEqual(['1%\r']);
		expect(splitter.due(999)).toEqual([]);
		expect(splitter.due(1000)).toEqual(['2%\r']);
		expect(splitter.due(2000)).toEqual([]);
		expect(splitter.settledBytes).toBe(3);
		expect(splitter.push(Buffer.from('%\n'), 2001)).toEqual(['3%']);
		expect(splitter.due(9000)).toEqual([]);
	});

	test('100 000 redraws are a record a second', () => {
		const splitter = new LineSplitter();
		const lines: string[] = [];
		for (let update = 0; update < 100_000; update += 1) {
			lines.push(...splitter.push(Buffer.from(`\r ${update}/100000`), update / 10));
		}
		lines.push(...splitter.push(Buffer.from('\r 100000/100000\n'), 10_000));
		// The first `\r` follows nothing, so each state is closed by the `\r` of the next.
		expect(lines).toHaveLength(11);
		expect(lines[0]).toBe(' 0/100000\r');
		expect(lines.at(-1)).toBe(' 100000/100000');
		expect(lines.slice(0, -1).every(isRedraw)).toBe(true);
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

describe('bars below each other', () => {
	/** What tqdm prints for an outer bar and, below it, an inner one. */
	const outer = (state: string) => `\r${state}`;
	const inner = (state: string) => `\n\r${state}\x1b[A`;

	test('fold as one does', () => {
		const splitter = new LineSplitter();
		const lines: string[] = [];
		const print = (text: string, ms: number): void => {
			lines.push(...splitter.push(Buffer.from(text), ms));
		};
		print(outer('outer 0'), 0);
		for (let step = 0; step < 1000; step += 1) {
			print(inner(`inner ${step}`), step * 10);
			if (step % 100 === 99) print(outer(`outer ${step / 100}`), step * 10);
		}
		print(`${outer('outer 10')}\nend\n`, 10_000);
		// One line had ended before anything told that more is drawn below and above it.
		expect(finals(lines)).toEqual(['outer 0', 'outer 10', 'end']);
		expect(lines.length).toBeLessThan(15);
		expect(lines.filter(isRedraw).every((line) => /^(inner|outer) \S+/.test(line))).toBe(true);
	});

	test('fold when there are three', () => {
		const third = (state: string) => `\n\n\r${state}\x1b[A\x1b[A`;
		const text = ['a', inner('b'), third('c'), outer('a1'), inner('b1'), third('c1'), inner('b2')];
		expect(finals(split(...text, outer('a2'), '\nend\n'))).toEqual(['a', 'b\x1b[A', 'a2', 'end']);
	});

	test('are lines in the end, when the cursor goes up to draw them', () => {
		const up = '\x1b[A\x1b[2K';
		expect(finals(split(`1%\n${up}2%\n${up}3%\nend\n`))).toEqual(['1%', `${up}3%`, 'end']);
		expect(finals(split(`1%\n${up}2%\n\nend\n`))).toEqual(['1%', `${up}2%`, '', 'end']);
		expect(finals(split(`1%\n${up}2%`, '\n'))).toEqual(['1%', `${up}2%`]);
	});

	test('that name rows far above lose no line that follows', () => {
		const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
		expect(finals(split(`\x1b[99999A${lines.join('\n')}`))).toEqual([
			`\x1b[99999A${lines[0]}`,
			...lines.slice(1),
		]);
	});
});

const texts = fc.string({
	unit: fc.constantFrom('a', '\n', '\r', '漢', ' ', '\x1b[A', '\x1b[2B', '\x1b[0m'),
	maxLength: 60,
});
const places = fc.array(fc.nat(200), { maxLength: 6 });

test('however the bytes are cut, the lines are the same', () => {
	fc.assert(
		fc.property(texts, places, (text, cuts) => {
			expect(split(...cutAt(Buffer.from(text), cuts))).toEqual(split(text));
		}),
	);
});

/** What a screen is left with: a redraw that another record of the node follows is gone. */
const left = (lines: readonly string[]): string[] =>
	lines.filter((line, index) => !isRedraw(line) || index === lines.length - 1);

test('a reader that goes on from what was settled loses and doubles nothing', () => {
	const plain = texts.map((text) => text.replaceAll(/\x1b\[\d?[AB]/g, ''));
	fc.assert(
		fc.property(plain, fc.nat(200), (text, place) => {
			const bytes = Buffer.from(text);
			const first = new LineSplitter();
			const before = first.push(bytes.subarray(0, place % (bytes.length + 1)), 0);
			const after = split(bytes.subarray(first.settledBytes));
			expect(left([...before, ...after])).toEqual(left(split(text)));
		}),
	);
});

test('whatever was drawn before, plain lines come out', () => {
	fc.assert(
		fc.property(texts, fc.integer({ min: 1, max: 99 }), (text, count) => {
			const lines = Array.from({ length: count }, (_, index) => `line ${index}`);
			expect(finals(split(`${text}\n${lines.join('\n')}`)).slice(-count)).toEqual(lines);
		}),
	);
});
