/** Bytes that a line costs beside its text: cursor, time, node, level, offset. */
const lineOverhead = 8 + 8 + 4 + 1 + 4;
const beyondLatin1 = /[^\x00-\xff]/;

/** Where a chunk came from: the feed, or a page that was asked for while scrolling back. */
export type ChunkOrigin = 'feed' | 'page';

/**
 * A run of lines in rising order of seq: one string for all texts, and typed arrays beside it, so
 * that 100 000 lines cost the garbage collector some two hundred objects.
 */
export class LogChunk {
	readonly origin: ChunkOrigin;
	readonly #seqs: Float64Array;
	readonly #times: Float64Array;
	/** Rank of the node, -1 for none. */
	readonly #nodes: Int32Array;
	readonly #levels: Uint8Array;
	readonly #ends: Uint32Array;
	#text = '';
	#lines = 0;
	#bytesPerCharacter = 1;

	constructor(capacity: number, origin: ChunkOrigin) {
		this.origin = origin;
		this.#seqs = new Float64Array(capacity);
		this.#times = new Float64Array(capacity);
		this.#nodes = new Int32Array(capacity);
		this.#levels = new Uint8Array(capacity);
		this.#ends = new Uint32Array(capacity);
	}

	get lines(): number {
		return this.#lines;
	}

	/** Length of all texts, in UTF-16 code units. */
	get characters(): number {
		return this.#text.length;
	}

	/** About what the chunk takes in memory. V8 keeps a string at one byte a character if it can. */
	get bytes(): number {
		return this.#text.length * this.#bytesPerCharacter + this.#lines * lineOverhead;
	}

	get firstSeq(): number {
		return this.seqAt(0);
	}

	get lastSeq(): number {
		return this.seqAt(this.#lines - 1);
	}

	get isFull(): boolean {
		return this.#lines === this.#seqs.length;
	}

	push(seq: number, time: number, node: number, level: number, text: string): void {
		const index = this.#lines;
		this.#seqs[index] = seq;
		this.#times[index] = time;
		this.#nodes[index] = node;
		this.#levels[index] = level;
		this.#text += text;
		this.#ends[index] = this.#text.length;
		this.#lines = index + 1;
		if (this.#bytesPerCharacter === 1 && beyondLatin1.test(text)) this.#bytesPerCharacter = 2;
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

	textAt(index: number): string {
		return this.#text.slice(index === 0 ? 0 : this.#ends[index - 1], this.#ends[index]);
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

	/** Lines of a node from `index` on. */
	countFrom(index: number, node: number): number {
		let count = 0;
		for (let at = index; at < this.#lines; at++) if (this.#nodes[at] === node) count++;
		return count;
	}
}
