/** Bytes that a line costs beside its text: cursor, time, node, level, mark, two offsets. */
const lineOverhead = 8 + 8 + 4 + 1 + 1 + 4 + 4;
const beyondLatin1 = /[^\x00-\xff]/;

/**
 * Where a chunk came from: the feed, or a page that was asked for while scrolling back. A page that
 * was asked for under a filter has only the lines that it let through.
 */
export type ChunkOrigin = 'feed' | 'page' | 'filtered-page';

/** What a line is beside its text, as bits. */
export const lineMarks = {
	/** Within a traceback, neither its first line nor the exception. */
	tracebackBody: 1,
	/** Opens a traceback. */
	tracebackHead: 2,
	/** A progress bar that was redrawn since. */
	superseded: 4,
} as const;

export type ChunkLine = {
	readonly seq: number;
	/** Epoch ms or NaN. */
	readonly time: number;
	/** Rank, -1 for none. */
	readonly node: number;
	/** A number that the ring has a name for. */
	readonly level: number;
	readonly marks: number;
	readonly text: string;
	readonly plain: string;
};

/**
 * A run of lines in rising order of seq: one string for all texts without their styles, each closed
 * by a line feed, and typed arrays beside it, so that 100 000 lines cost the garbage collector some
 * two hundred objects. Lines with styles stand whole in a second string: nobody searches for styles.
 */
export class LogChunk {
	readonly origin: ChunkOrigin;
	/** The cursors that the chunk answers for, whether they have a line in it or not. */
	from: number;
	to: number;
	readonly #seqs: Float64Array;
	readonly #times: Float64Array;
	/** Rank of the node, -1 for none. */
	readonly #nodes: Int32Array;
	readonly #levels: Uint8Array;
	readonly #marks: Uint8Array;
	readonly #ends: Uint32Array;
	/** Indices of lines that were marked as superseded, in the order in which that happened. */
	readonly #superseded: number[] = [];
	/** Ends in the second string; a line without styles has the end of the one before it. */
	readonly #styledEnds: Uint32Array;
	#text = '';
	#styled = '';
	#lines = 0;
	#bytesPerCharacter = 1;

	constructor(capacity: number, origin: ChunkOrigin, from: number, to: number) {
		this.origin = origin;
		this.from = from;
		this.to = to;
		this.#seqs = new Float64Array(capacity);
		this.#times = new Float64Array(capacity);
		this.#nodes = new Int32Array(capacity);
		this.#levels = new Uint8Array(capacity);
		this.#marks = new Uint8Array(capacity);
		this.#ends = new Uint32Array(capacity);
		this.#styledEnds = new Uint32Array(capacity);
	}

	get lines(): number {
		return this.#lines;
	}

	/** Lines that there is room for. */
	get capacity(): number {
		return this.#seqs.length;
	}

	/** Length of all texts, in UTF-16 code units. */
	get characters(): number {
		return this.#text.length + this.#styled.length;
	}

	/** About what the chunk takes in memory. V8 keeps a string at one byte a character if it can. */
	get bytes(): number {
		return this.characters * this.#bytesPerCharacter + this.#lines * lineOverhead;
	}

	get isFull(): boolean {
		return this.#lines === this.#seqs.length;
	}

	/** Indices of lines that were superseded, in the order in which they were. */
	get superseded(): readonly number[] {
		return this.#superseded;
	}

	/** Adds a line. `marks`: bits of {@link lineMarks}; `plain`: the text without its styles. */
	push({ seq, time, node, level, marks, text, plain }: ChunkLine): void {
		const index = this.#lines;
		this.#seqs[index] = seq;
		this.#times[index] = time;
		this.#nodes[index] = node;
		this.#levels[index] = level;
		this.#marks[index] = marks;
		this.#text += `${plain}\n`;
		this.#ends[index] = this.#text.length - 1;
		if (text !== plain) this.#styled += text;
		this.#styledEnds[index] = this.#styled.length;
		this.#lines = index + 1;
		if (seq > this.to) this.to = seq;
		if (this.#bytesPerCharacter === 1 && beyondLatin1.test(text)) this.#bytesPerCharacter = 2;
	}

	/**
	 * Makes one string of all the pieces that were pushed, as V8 does once somebody reads in it: a
	 * search that had to do so for each chunk of a long log would block.
	 */
	seal(): void {
		this.plainAt(0);
		this.#styled.slice(0, 13);
	}

	/** Marks the line as a progress bar that something newer has replaced. */
	supersede(index: number): void {
		this.#marks[index] = this.marksAt(index) | lineMarks.superseded;
		this.#superseded.push(index);
	}

	seqAt(index: number): number {
		return this.#seqs[index] ?? Number.NaN;
	}

	/** Epoch ms; NaN when the line has no time. */
	timeAt(index: number): number {
		return this.#times[index] ?? Number.NaN;
	}

	nodeAt(index: number): number {
		return this.#nodes[index] ?? -1;
	}

	levelAt(index: number): number {
		return this.#levels[index] ?? 0;
	}

	marksAt(index: number): number {
		return this.#marks[index] ?? 0;
	}

	/** The line's text with its styles. */
	textAt(index: number): string {
		const from = index === 0 ? 0 : (this.#styledEnds[index - 1] ?? 0);
		const to = this.#styledEnds[index] ?? 0;
		return to > from ? this.#styled.slice(from, to) : this.plainAt(index);
	}

	plainAt(index: number): string {
		return this.#text.slice(this.startAt(index), this.#ends[index]);
	}

	/** Where a line's plain text begins among all of them. */
	startAt(index: number): number {
		return index === 0 ? 0 : (this.#ends[index - 1] ?? 0) + 1;
	}

	/** Plain texts of the lines from `from` to `to` (exclusive), a line feed between them. */
	textOf(from: number, to: number): string {
		return this.#text.slice(this.startAt(from), this.#ends[to - 1]);
	}

	/** Where the plain texts of the lines from `from` to `to` (exclusive) end among all of them. */
	endsOf(from: number, to: number): Uint32Array {
		return this.#ends.subarray(from, to);
	}

	/** Index of the first line with a cursor of at least `seq`; the number of lines if none has. */
	indexOf(seq: number): number {
		let low = 0;
		let high = this.#lines;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.seqAt(middle) < seq) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
