import { redrawMark } from '../../contract/redraw.ts';
import { type CursorMoves, cursorMoves, rowsAbove } from './cursor-moves.ts';

/** Bytes kept of one line; what follows is counted and left out. */
export const longestLineBytes = 64 * 1024;
/** Ms between two records of a progress bar that redraws itself with `\r`. */
const progressEveryMs = 1000;

const cutMark = (bytes: number): string => ` … [${bytes} bytes cut]`;

/** The text of a line without the mark that says how much of it was left out. */
export const withoutCutMark = (line: string): string =>
	line.replace(/ … \[\d+ bytes cut\]\r?$/, '');

const newline = 0x0a;
const carriageReturn = 0x0d;

/** A state of a line that something may still draw over. */
type Redraw = {
	readonly text: string;
	/** Offset of its first byte. */
	readonly start: number;
	/** Whether the cursor has left its row for the one below: only going up draws over it. */
	readonly isLeft: boolean;
};

/**
 * Cuts a stream of output bytes into lines. What redraws itself folds: of a progress bar its
 * present state comes out once a second, with the mark of a redraw ({@link redrawMark}), and its
 * last state as a line like any other. It may redraw by `\r`, or by going back up by a cursor
 * movement, as several bars below each other do; of those, the one that was drawn last is told.
 * Memory is bounded by {@link longestLineBytes} whatever arrives.
 */
export class LineSplitter {
	/** Bytes of the line under way, since its last `\r`. */
	#kept: Buffer[] = [];
	#keptBytes = 0;
	#cutBytes = 0;
	/** Offset of the first of them. */
	#start = 0;
	/** The last redraw, which nothing has replaced yet. */
	#redraw: Redraw | undefined;
	/** Rows that the cursor is above the lowest one. */
	#above = 0;
	/** The text of the last record, when it was a redraw. */
	#told: string | undefined;
	#toldAt = Number.NEGATIVE_INFINITY;
	#taken = 0;
	#settled = 0;

	/**
	 * Count of bytes that a reader may go on after: their lines have come out. A redraw that is the
	 * newest record is read again, for what ends its line needs its text.
	 */
	get settledBytes(): number {
		return this.#settled;
	}

	/** Takes bytes that arrived at `nowMs` and returns the lines that they completed. */
	push(bytes: Buffer, nowMs: number): string[] {
		const lines: string[] = [];
		let start = 0;
		let lineEnd = -1;
		while (start < bytes.length) {
			// Before a line feed, `\r` is half of a line end.
			if (bytes[start] !== newline) this.#tell(lines, nowMs);
			// Looked for once for each line and not for each redraw, which would cost its square.
			if (lineEnd < start) lineEnd = indexOrEnd(bytes, newline, start);
			const end = start + indexOrEnd(bytes.subarray(start, lineEnd), carriageReturn, 0);
			this.#keep(bytes.subarray(start, end));
			start = end + 1;
			if (end === bytes.length) break;
			this.#taken += 1;
			if (end === lineEnd) this.#endLine(lines);
			else this.#endRedraw(lines);
			this.#start = this.#taken;
		}
		return lines;
	}

	/** The present state of a redraw, if it is time for it. To be asked when no bytes wait. */
	due(nowMs: number): string[] {
		const lines: string[] = [];
		this.#tell(lines, nowMs);
		return lines;
	}

	/** The line under way, when the stream is over and no newline will come. */
	flush(): string[] {
		const lines: string[] = [];
		if (this.#keptBytes === 0 && this.#redraw === undefined) return lines;
		const { text, isBlank } = this.#takeSegment(lines);
		this.#finish(lines, isBlank ? (this.#redraw?.text ?? text) : text, this.#taken);
		this.#above = 0;
		this.#start = this.#taken;
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
		const { text, isBlank, endsElsewhere } = this.#takeSegment(lines);
		if (this.#above > 0) {
			this.#above -= 1;
			if (!isBlank) this.#redraw = { text, start: this.#start, isLeft: !endsElsewhere };
			return;
		}
		if (this.#redraw?.isLeft) this.#finish(lines, this.#redraw.text, this.#start);
		// `100%\r\n` and `100%\n` are the same line: a blank last segment shows the one before it.
		this.#finish(lines, isBlank ? (this.#redraw?.text ?? text) : text, this.#taken);
	}

	#endRedraw(lines: string[]): void {
		const { text, isBlank } = this.#takeSegment(lines);
		// What only wipes a bar off is not its state.
		if (!isBlank) this.#redraw = { text, start: this.#start, isLeft: false };
	}

	/** A line that nothing will draw over. */
	#finish(lines: string[], text: string, settled: number): void {
		lines.push(text);
		this.#redraw = undefined;
		this.#told = undefined;
		this.#settled = settled;
	}

	#tell(lines: string[], nowMs: number): void {
		if (this.#redraw === undefined || nowMs - this.#toldAt < progressEveryMs) return;
		const { text, start } = this.#redraw;
		if (text === this.#told) return;
		lines.push(text + redrawMark);
		this.#told = text;
		this.#toldAt = nowMs;
		this.#settled = start;
	}

	/** The segment under way. A line above it that it does not go up to stands as it is. */
	#takeSegment(lines: string[]): CursorMoves & { readonly text: string } {
		const bytes = Buffer.concat(this.#kept);
		const begun = this.#cutBytes > 0 ? begunCharacter(bytes) : 0;
		// Invalid UTF-8 becomes U+FFFD.
		let text = bytes.toString('utf8', 0, bytes.length - begun);
		if (this.#cutBytes > 0) text += cutMark(this.#cutBytes + begun);
		this.#kept = [];
		this.#keptBytes = 0;
		this.#cutBytes = 0;
		const moves = cursorMoves(text);
		const isReplaced = moves.isBlank || moves.up > 0 || moves.endsElsewhere;
		if (this.#redraw?.isLeft && !isReplaced) this.#finish(lines, this.#redraw.text, this.#start);
		this.#above = rowsAbove(this.#above, moves.up);
		return { text, ...moves };
	}
}

/** Bytes at the end that begin a character of UTF-8 and do not end it. */
const begunCharacter = (bytes: Buffer): number => {
	for (let back = 1; back < 4; back += 1) {
		const byte = bytes.at(-back) ?? 0;
		if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
		if (byte < 0x80) return 0;
	}
	return 0;
};

const indexOrEnd = (bytes: Buffer, byte: number, from: number): number => {
	const index = bytes.indexOf(byte, from);
	return index === -1 ? bytes.length : index;
};
