import { gravityOf, type LineFilter } from '../contract/line-filter.ts';
import { Pattern, pieceCharacters } from '../contract/pattern.ts';
import { type LogChunk, lineMarks } from './log-chunk.ts';
import type { LogRing } from './log-ring.ts';

/** Which lines an index holds. */
export type IndexRule = {
	readonly filter: LineFilter;
	/** What else a line must have: what is searched for. */
	readonly find?: Pattern;
	/** Whether only the first line and the exception of a traceback count. */
	readonly isFolded: boolean;
};

/** Lines of one chunk that the rule lets through, of those that were looked at. */
class ChunkLines {
	/** Indices within the chunk, rising; the first `count` of them. */
	readonly indices: Uint16Array;
	count = 0;
	/** Lines of the chunk that were looked at. */
	upTo = 0;
	/** Superseded lines of the chunk that were taken out. */
	superseded = 0;

	constructor(capacity: number) {
		this.indices = new Uint16Array(capacity);
	}

	/** How many of the lines come before an index of the chunk. */
	before(index: number): number {
		let low = 0;
		let high = this.count;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.indices[middle] ?? 0) < index) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	remove(index: number): void {
		const at = this.before(index);
		if (at === this.count || this.indices[at] !== index) return;
		this.indices.copyWithin(at, at + 1, this.count);
		this.count -= 1;
	}
}

/**
 * The lines of a ring that a rule lets through, in the ring's order. Each line is looked at once.
 * What is in the ring at the beginning is looked at in steps, the newest first, so that no step
 * blocks; until then such lines count as not let through.
 */
export class LineIndex {
	readonly #ring: LogRing;
	readonly #rule: IndexRule;
	readonly #include: readonly Pattern[];
	readonly #exclude: readonly Pattern[];
	readonly #lines = new WeakMap<LogChunk, ChunkLines>();
	/** Chunks that wait for their step; the last is the next. */
	#queue: LogChunk[];
	readonly #waiting: Set<LogChunk>;

	/** @throws Failure `invalid` when a pattern of the filter is none */
	constructor(ring: LogRing, rule: IndexRule) {
		this.#ring = ring;
		this.#rule = rule;
		this.#include = rule.filter.include.map((pattern) => new Pattern(pattern));
		if (rule.find !== undefined) this.#include = [...this.#include, rule.find];
		this.#exclude = rule.filter.exclude.map((pattern) => new Pattern(pattern));
		this.#queue = [...ring.chunksFrom(0)];
		this.#waiting = new Set(this.#queue);
	}

	/** Whether there are lines that were not looked at. */
	get isPartial(): boolean {
		return this.#waiting.size > 0;
	}

	/**
	 * Looks at waiting chunks until about so many characters are done.
	 * @returns whether it looked at any
	 */
	step(characters: number): boolean {
		let left = characters;
		const before = this.#waiting.size;
		while (left > 0) {
			const chunk = this.#queue.pop();
			if (chunk === undefined) break;
			if (!this.#waiting.delete(chunk)) continue;
			this.#linesOf(chunk);
			left -= Math.max(1024, chunk.characters);
		}
		return this.#waiting.size < before;
	}

	/** Looks at the chunks around a cursor first: somebody reads there. */
	stepAt(seq: number): void {
		for (const chunk of this.#ring.chunksFrom(seq)) {
			this.#waiting.delete(chunk);
			break;
		}
	}

	/** Cursor of the first line at or after `seq`, null when there is none. */
	next(seq: number): number | null {
		for (const chunk of this.#ring.chunksFrom(seq)) {
			const lines = this.#linesOf(chunk);
			const at = lines.before(chunk.indexOf(seq));
			if (at < lines.count) return chunk.seqAt(lines.indices[at] ?? 0);
		}
		return null;
	}

	/** Cursor of the last line at or before `seq`, null when there is none. */
	previous(seq: number): number | null {
		for (const chunk of this.#ring.chunksBack(seq)) {
			const lines = this.#linesOf(chunk);
			const at = lines.before(chunk.indexOf(seq + 1)) - 1;
			if (at >= 0) return chunk.seqAt(lines.indices[at] ?? 0);
		}
		return null;
	}

	/** Lines from the cursor `from` to the cursor `to`, both inclusive. */
	count(from: number, to: number): number {
		let count = 0;
		for (const chunk of this.#ring.chunksFrom(from)) {
			if (chunk.from > to) break;
			const lines = this.#linesOf(chunk);
			const start = chunk.from >= from ? 0 : lines.before(chunk.indexOf(from));
			const end = chunk.to <= to ? lines.count : lines.before(chunk.indexOf(to + 1));
			count += end - start;
		}
		return count;
	}

	/** What is known of a chunk, brought up to date; nothing of one that waits. */
	#linesOf(chunk: LogChunk): ChunkLines {
		let lines = this.#lines.get(chunk);
		if (lines === undefined) {
			lines = new ChunkLines(chunk.capacity);
			this.#lines.set(chunk, lines);
		}
		if (this.#waiting.has(chunk)) return lines;
		while (lines.superseded < chunk.superseded.length) {
			lines.remove(chunk.superseded[lines.superseded++] ?? 0);
		}
		while (lines.upTo < chunk.lines) this.#take(chunk, lines);
		return lines;
	}

	/** Looks at the next piece of a chunk. */
	#take(chunk: LogChunk, lines: ChunkLines): void {
		const from = lines.upTo;
		const to = pieceEnd(chunk, from);
		const piece = { text: chunk.textOf(from, to), ends: chunk.endsOf(from, to) };
		const base = chunk.startAt(from);
		lines.upTo = to;
		const [only, ...others] = this.#include;
		const isPatternOnly = others.length + this.#exclude.length === 0 && !this.#hasMore(chunk);
		if (only !== undefined && isPatternOnly) {
			const add = (line: number): void => {
				lines.indices[lines.count++] = from + line;
			};
			only.eachLine(piece.text, piece.ends, add, base);
			return;
		}
		const isShown = new Uint8Array(to - from);
		for (let index = from; index < to; index++) {
			isShown[index - from] = this.#passes(chunk, index) ? 1 : 0;
		}
		for (const pattern of this.#include) {
			const has = new Uint8Array(to - from);
			const mark = (line: number): void => {
				has[line] = 1;
			};
			pattern.eachLine(piece.text, piece.ends, mark, base);
			for (let line = 0; line < has.length; line++) if (has[line] === 0) isShown[line] = 0;
		}
		const hide = (line: number): void => {
			isShown[line] = 0;
		};
		for (const pattern of this.#exclude) pattern.eachLine(piece.text, piece.ends, hide, base);
		for (let line = 0; line < isShown.length; line++) {
			if (isShown[line] === 1) lines.indices[lines.count++] = from + line;
		}
	}

	/** Whether more is asked of the lines of a chunk than a pattern. */
	#hasMore(chunk: LogChunk): boolean {
		const { filter, isFolded } = this.#rule;
		return isFolded || filter.node !== null || filter.level !== null || chunk.superseded.length > 0;
	}

	/** What can be told of a line without its text. */
	#passes(chunk: LogChunk, index: number): boolean {
		const { filter, isFolded } = this.#rule;
		const marks = chunk.marksAt(index);
		return (
			(marks & lineMarks.superseded) === 0 &&
			!(isFolded && (marks & lineMarks.tracebackBody) !== 0) &&
			(filter.node === null || chunk.nodeAt(index) === filter.node) &&
			(filter.level === null ||
				gravityOf(this.#ring.levelName(chunk.levelAt(index))) >= gravityOf(filter.level))
		);
	}
}

/** The end of the piece that begins with a line: as many lines as are searched in one go. */
const pieceEnd = (chunk: LogChunk, from: number): number => {
	const limit = chunk.startAt(from) + pieceCharacters;
	let low = from + 1;
	let high = chunk.lines;
	while (low < high) {
		const middle = (low + high + 1) >>> 1;
		if (chunk.startAt(middle) <= limit) low = middle;
		else high = middle - 1;
	}
	return low;
};
