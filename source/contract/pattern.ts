import { setFlagsFromString } from 'node:v8';
import { z } from 'zod';
import { anyCase } from './any-case.ts';
import { Failure } from './failure.ts';

/** Longest pattern that is taken, in UTF-16 code units. */
export const longestPattern = 500;

/** What to look for in a line. `isPlain`: the text as it stands, else a regular expression. */
export const patternSchema = z.object({
	text: z.string().min(1).max(longestPattern),
	isPlain: z.boolean(),
});
export type PatternText = z.output<typeof patternSchema>;

/**
 * Backtracks after which V8 gives a search up and begins it anew with its engine of linear time.
 * Measured on pieces of {@link pieceCharacters}: honest patterns need a tenth of it, and what is
 * lost to one that explodes is 5 ms.
 */
const mostBacktracks = 1_000_000;
/** Longest text that is searched in one go: 64 KiB take the linear engine some 7 ms. */
export const pieceCharacters = 65_536;

// Off unless asked for, in every Node since 16. V8's usual engine needs exponential time for some
// patterns; with these it never does, and the flag `l` tells which patterns that holds for.
setFlagsFromString('--enable-experimental-regexp-engine');
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
setFlagsFromString(`--regexp-backtracks-before-fallback=${mostBacktracks}`);

/** From and to (exclusive), in UTF-16 code units. */
export type TextRange = readonly [from: number, to: number];

/** Highlights of one line: nobody looks at more. */
const mostRanges = 1000;

/** A pattern that is ready to search with, in time that is linear in the text. */
export class Pattern {
	readonly source: PatternText;
	/** Goes on from its `lastIndex`. */
	readonly #expression: RegExp;
	/** The same, from the start each time. */
	readonly #line: RegExp;

	/** @throws Failure `invalid` with the fault in one line */
	constructor(source: PatternText) {
		this.source = source;
		this.#expression = expressionOf(source);
		this.#line = new RegExp(this.#expression.source, this.#expression.flags.replace('g', ''));
	}

	/** Whether a line, without styles, has the pattern somewhere. */
	test(line: string): boolean {
		return this.#line.test(line);
	}

	/** Where the pattern stands in a line, without styles, from left to right. */
	ranges(line: string): readonly TextRange[] {
		const found: TextRange[] = [];
		this.#expression.lastIndex = 0;
		while (found.length < mostRanges) {
			const match = this.#expression.exec(line);
			if (match === null) break;
			const end = match.index + match[0].length;
			if (end > match.index) found.push([match.index, end]);
			else this.#expression.lastIndex += 1;
		}
		return found;
	}

	/**
	 * Calls `found` with the index of each line of a text that has the pattern, rising. Lines are
	 * separated by a line feed; `ends` tells where each ends, exclusive and without its line feed,
	 * counted from `base` before the text. One search over many lines is ten times as fast as one
	 * for each of them.
	 */
	eachLine(text: string, ends: ArrayLike<number>, found: (line: number) => void, base = 0): void {
		const expression = this.#expression;
		expression.lastIndex = 0;
		let line = 0;
		while (line < ends.length) {
			const match = expression.exec(text);
			if (match === null) return;
			line = lineAt(ends, base + match.index, line);
			if (line >= ends.length) return;
			const end = (ends[line] ?? 0) - base;
			const start = line === 0 ? 0 : (ends[line - 1] ?? 0) + 1 - base;
			// What runs over into the next line may still have an honest match in its own.
			const isWithin = match.index + match[0].length <= end;
			const has = isWithin || this.#line.test(text.slice(start, end));
			if (has) found(line);
			line += 1;
			expression.lastIndex = end + 1;
		}
	}
}

/** Index, from `low` on, of the line that a place in the text belongs to. */
const lineAt = (ends: ArrayLike<number>, place: number, low: number): number => {
	let from = low;
	let to = ends.length;
	while (from < to) {
		const middle = (from + to) >>> 1;
		if ((ends[middle] ?? 0) < place) from = middle + 1;
		else to = middle;
	}
	return from;
};

const special = /[\\^$.*+?()[\]{}|]/g;

/** Smart case: capitals in a pattern make it tell capitals apart. */
const expressionOf = ({ text, isPlain }: PatternText): RegExp => {
	const given = isPlain ? text.replace(special, '\\$&') : text;
	const letters = isPlain ? text : text.replaceAll(/\\./g, '');
	const hasCapitals = /\p{Lu}/u.test(letters);
	let expression: RegExp;
	try {
		expression = new RegExp(given, 'gm');
	} catch (error) {
		throw new Failure('invalid', faultOf(error), { cause: error });
	}
	if (!hasCapitals) expression = new RegExp(anyCase(given), 'gm');
	try {
		new RegExp(expression.source, 'gml');
	} catch (error) {
		throw new Failure('invalid', beyondLinearTime, { cause: error });
	}
	return expression;
};

const beyondLinearTime =
	'look-ahead, back-references and more than 16 repetitions are not searched for: they may take for ever';

/** `Invalid regular expression: /(/gim: Unterminated group` -> `Unterminated group`. */
const faultOf = (error: unknown): string => {
	const [, fault] =
		/^Invalid regular expression: .*: ([^:]+)$/s.exec((error as Error).message) ?? [];
	return `not a regular expression: ${(fault ?? 'it has a fault').toLowerCase()} (tab: plain text)`;
};
