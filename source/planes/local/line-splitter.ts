/** Bytes kept of one line; what follows is counted and left out. */
export const longestLineBytes = 64 * 1024;
/** Ms between two records of a progress bar that redraws itself with `\r`. */
const progressEveryMs = 1000;

const cutMark = (bytes: number): string => ` … [${bytes} bytes cut]`;

/** The text of a line without the mark that says how much of it was left out. */
export const withoutCutMark = (line: string): string => line.replace(/ … \[\d+ bytes cut\]$/, '');

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts a stream of output bytes into lines. `\r` folds: of a progress bar that redraws its line,
 * the present state comes out once a second and at the line's end. Memory is bounded by
 * {@link longestLineBytes} whatever arrives.
 */
export class LineSplitter {
	/** Bytes of the line under way, since its last `\r`. */
	#kept: Buffer[] = [];
	#keptBytes = 0;
	#cutBytes = 0;
	/** The last redraw that a `\r` closed, not yet a record. */
	#redraw: string | undefined;
	#lastProgress: string | undefined;
	#lastProgressAt = Number.NEGATIVE_INFINITY;
	#taken = 0;
	#settled = 0;

	/** Count of bytes whose lines have come out: a reader may go on from here. */
	get settledBytes(): number {
		return this.#settled;
	}

	/** Takes bytes that arrived at `nowMs` and returns the lines that they completed. */
	push(bytes: Buffer, nowMs: number): string[] {
		const lines: string[] = [];
		let start = 0;
		while (start < bytes.length) {
			const end = endOfSegment(bytes, start);
			this.#keep(bytes.subarray(start, end));
			start = end;
			if (end === bytes.length) break;
			start += 1;
			this.#taken += 1;
			if (bytes[end] === newline) this.#endLine(lines);
			else this.#endRedraw(lines, nowMs);
		}
		return lines;
	}

	/** The line under way, when the stream is over and no newline will come. */
	flush(): string[] {
		const lines: string[] = [];
		if (this.#keptBytes > 0 || this.#redraw !== undefined) this.#endLine(lines);
		return lines;
	}

	#keep(part: Buffer): void {
		this.#taken += part.length;
		const room = longestLineBytes - this.#keptBytes;
		const kept = part.subarray(0, room);
		if (kept.length > 0) {
			// Copied: the reader uses its buffer again.
			this.#kept.push(Buffer.from(kept));
			this.#keptBytes += kept.length;
		}
		this.#cutBytes += part.length - kept.length;
	}

	#endLine(lines: string[]): void {
		// `100%\r\n` and `100%\n` are the same line: an empty last segment shows the one before it.
		const segment = this.#takeSegment() || (this.#redraw ?? '');
		this.#redraw = undefined;
		if (segment !== this.#lastProgress) lines.push(segment);
		this.#lastProgress = undefined;
		this.#settled = this.#taken;
	}

	#endRedraw(lines: string[], nowMs: number): void {
		const segment = this.#takeSegment();
		if (segment === '') return;
		this.#redraw = segment;
		if (nowMs - this.#lastProgressAt < progressEveryMs) return;
		this.#lastProgressAt = nowMs;
		if (segment !== this.#lastProgress) lines.push(segment);
		this.#lastProgress = segment;
		this.#settled = this.#taken;
	}

	#takeSegment(): string {
		const bytes = this.#kept.length === 1 ? this.#kept[0] : Buffer.concat(this.#kept);
		// Invalid UTF-8 becomes U+FFFD.
		let text = bytes?.toString('utf8') ?? '';
		if (this.#cutBytes > 0) text += cutMark(this.#cutBytes);
		this.#kept = [];
		this.#keptBytes = 0;
		this.#cutBytes = 0;
		return text;
	}
}

const endOfSegment = (bytes: Buffer, start: number): number => {
	const lineEnd = bytes.indexOf(newline, start);
	const end = lineEnd === -1 ? bytes.length : lineEnd;
	const redraw = bytes.subarray(start, end).indexOf(carriageReturn);
	if (redraw === -1) return end;
	return start + redraw;
};
