/** Matches that are remembered by their cursor; further ones are only counted. */
const rememberedMatches = 500_000;

/** What one look at the server's log found: cursors, rising, of the range it looked at. */
export type FoundMatches = {
	readonly seqs: readonly number[];
	readonly from: number;
	readonly to: number;
};

/**
 * Matches of a search in lines that only the server has: those before the ring. Found in looks
 * that go down to the first line, and up again to the ring when it has let lines go.
 */
export class HistoryMatches {
	/** Looked through: the cursors `#from` to `#to`, inclusive. */
	#from: number;
	#to: number;
	/** Found going down, falling; found going up, rising. */
	readonly #down: number[] = [];
	readonly #up: number[] = [];
	#total = 0;

	/** @param edge the ring's first cursor at the beginning of the search */
	constructor(edge: number) {
		this.#from = edge;
		this.#to = edge - 1;
	}

	get total(): number {
		return this.#total;
	}

	/** Where to look next, null when everything from `first` to before `edge` was looked through. */
	next(
		first: number,
		edge: number,
	): { readonly before: number } | { readonly after: number } | null {
		if (this.#to < edge - 1) return { after: this.#to };
		return this.#from > first ? { before: this.#from } : null;
	}

	/** How much of the log before `edge` was looked through, 0 to 1. */
	progress(first: number, edge: number): number {
		const whole = edge - first;
		return whole <= 0 ? 1 : Math.min(1, (this.#to - this.#from + 1) / whole);
	}

	/** Takes what a look found next to what is known; anything else is left out. */
	take({ seqs, from, to }: FoundMatches): boolean {
		if (from > to) return false;
		if (to === this.#from - 1) {
			this.#from = from;
			for (let at = seqs.length - 1; at >= 0; at--) this.#add(this.#down, seqs[at] ?? 0);
		} else if (from === this.#to + 1) {
			this.#to = to;
			for (const seq of seqs) this.#add(this.#up, seq);
		} else return false;
		return true;
	}

	#add(list: number[], seq: number): void {
		this.#total += 1;
		if (this.#down.length + this.#up.length < rememberedMatches) list.push(seq);
	}

	/** The first match at or after a cursor, null when none is known. */
	atOrAfter(seq: number): number | null {
		const down = falling(this.#down, seq);
		if (down > 0) return this.#down[down - 1] ?? null;
		return this.#up[rising(this.#up, seq)] ?? null;
	}

	/** The last match at or before a cursor, null when none is known. */
	atOrBefore(seq: number): number | null {
		const up = rising(this.#up, seq + 1);
		if (up > 0) return this.#up[up - 1] ?? null;
		return this.#down[falling(this.#down, seq + 1)] ?? null;
	}

	/** Known matches up to a cursor, inclusive. */
	countUpTo(seq: number): number {
		return this.#down.length - falling(this.#down, seq + 1) + rising(this.#up, seq + 1);
	}
}

/** How many of rising cursors are below `seq`. */
const rising = (seqs: readonly number[], seq: number): number =>
	countWhile(seqs.length, (at) => (seqs[at] ?? 0) < seq);

/** How many of falling cursors are at or above `seq`. */
const falling = (seqs: readonly number[], seq: number): number =>
	countWhile(seqs.length, (at) => (seqs[at] ?? 0) >= seq);

/** Length of the leading part for which a condition holds, by halving. */
const countWhile = (length: number, holds: (at: number) => boolean): number => {
	let low = 0;
	let high = length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (holds(middle)) low = middle + 1;
		else high = middle;
	}
	return low;
};
