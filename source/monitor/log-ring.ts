import type { LogRecord } from '../contract/log.ts';
import { nodeOfReplica } from '../contract/session.ts';
import { LogChunk } from './log-chunk.ts';
import { cleanLogText } from './log-text.ts';
import { defaultRingLimits, type RingLimits } from './ring-limits.ts';

const chunkLines = 4096;
/** A chunk is closed at this length too: eviction takes whole chunks, so none may be huge. */
const chunkCharacters = 1024 * 1024;

/** A line as it is read back. `time`: epoch ms or NaN; `node`: rank, null for the plane's own. */
export type LogLine = {
	readonly seq: number;
	readonly time: number;
	readonly node: number | null;
	readonly level: string | null;
	readonly text: string;
};

export type AppendResult = {
	readonly added: number;
	/** Records that were here already. */
	readonly duplicates: number;
	/** Cursors that were jumped over: their lines never came. */
	readonly skipped: number;
};

/**
 * The newest lines of a log, bounded by lines and bytes, with whole oldest chunks evicted. While
 * somebody reads further up, the chunks around the place (`focus`) are kept apart as history, to
 * which pages of older lines can be added. Memory is bounded in both cases, whatever arrives.
 */
export class LogRing {
	readonly limits: RingLimits;
	readonly #chunkLines: number;
	readonly #levels: (string | null)[] = [null];
	/** Rising order of seq. The first `#historyChunks` are history, the others came last. */
	#chunks: LogChunk[] = [];
	#historyChunks = 0;
	#lines = 0;
	#last = 0;
	#evicted = 0;
	#duplicates = 0;
	#skipped = 0;

	constructor(limits: RingLimits = defaultRingLimits) {
		this.limits = limits;
		this.#chunkLines = Math.max(1, Math.min(chunkLines, Math.ceil(limits.lines / 4)));
	}

	/** Lines in memory. */
	get lines(): number {
		return this.#lines;
	}

	/** Cursor of the oldest line in memory, null when there is none. */
	get first(): number | null {
		return this.#chunks[0]?.firstSeq ?? null;
	}

	/** Highest cursor seen, 0 before the first. */
	get last(): number {
		return this.#last;
	}

	/** Lines that came over the feed and had to leave. */
	get evicted(): number {
		return this.#evicted;
	}

	/** Records that came twice and were dropped. */
	get duplicates(): number {
		return this.#duplicates;
	}

	/** Cursors between two arrived records that never came. */
	get skipped(): number {
		return this.#skipped;
	}

	get bytes(): number {
		return this.#chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
	}

	/**
	 * Adds records from the feed, in rising order of seq.
	 * @param focus cursor near which lines must stay for a reader; null when the end is shown.
	 */
	append(records: readonly LogRecord[], focus: number | null): AppendResult {
		let duplicates = 0;
		let skipped = 0;
		for (const record of records) {
			if (record.seq <= this.#last) {
				duplicates++;
				continue;
			}
			if (this.#last > 0) skipped += record.seq - this.#last - 1;
			this.#last = record.seq;
			this.#push(this.#openChunk(), record);
		}
		const added = records.length - duplicates;
		this.#lines += added;
		this.#duplicates += duplicates;
		this.#skipped += skipped;
		this.#evict(focus);
		return { added, duplicates, skipped };
	}

	/** Notes that no cursor up to `seq` will come any more. Returns how many lines that costs. */
	skipTo(seq: number): number {
		const lost = Math.max(0, seq - this.#last);
		this.#last += lost;
		return lost;
	}

	/**
	 * Adds a page of older lines right before the cursor `before`; what is here already is left out.
	 * Returns the number of lines added.
	 */
	insertPage(records: readonly LogRecord[], before: number, focus: number | null): number {
		const newest = this.#chunks[this.#historyChunks]?.firstSeq ?? Number.POSITIVE_INFINITY;
		const end = Math.min(before, newest);
		let at = 0;
		while ((this.#chunks[at]?.firstSeq ?? Number.POSITIVE_INFINITY) < end) at++;
		const start = this.#chunks[at - 1]?.lastSeq ?? 0;
		const page = records.filter(({ seq }) => seq > start && seq < end);
		if (page.length === 0) return 0;
		const chunk = new LogChunk(page.length, 'page');
		for (const record of page) this.#push(chunk, record);
		this.#chunks.splice(at, 0, chunk);
		this.#historyChunks++;
		this.#lines += page.length;
		this.#evict(focus);
		return page.length;
	}

	/** Cursor of the first line at or after `seq` (of a node, if given), null when there is none. */
	atOrAfter(seq: number, node: number | null = null): number | null {
		for (let at = this.#chunkFrom(seq); at < this.#chunks.length; at++) {
			const chunk = this.#chunks[at];
			if (chunk === undefined) break;
			for (let index = chunk.indexOf(seq); index < chunk.lines; index++) {
				if (node === null || chunk.nodeAt(index) === node) return chunk.seqAt(index);
			}
		}
		return null;
	}

	/** Cursor of the last line at or before `seq` (of a node, if given), null when there is none. */
	atOrBefore(seq: number, node: number | null = null): number | null {
		for (let at = Math.min(this.#chunkFrom(seq), this.#chunks.length - 1); at >= 0; at--) {
			const chunk = this.#chunks[at];
			if (chunk === undefined) break;
			for (let index = chunk.indexOf(seq + 1) - 1; index >= 0; index--) {
				if (node === null || chunk.nodeAt(index) === node) return chunk.seqAt(index);
			}
		}
		return null;
	}

	/** The line with this cursor, null when it is not in memory. */
	line(seq: number): LogLine | null {
		const chunk = this.#chunks[this.#chunkFrom(seq)];
		const index = chunk?.indexOf(seq) ?? 0;
		if (chunk?.seqAt(index) !== seq || index >= chunk.lines) return null;
		const node = chunk.nodeAt(index);
		return {
			seq,
			time: chunk.timeAt(index),
			node: node === -1 ? null : node,
			level: this.#levels[chunk.levelAt(index)] ?? null,
			text: chunk.textAt(index),
		};
	}

	/** Lines after the cursor (of a node, if given). */
	countAfter(seq: number, node: number | null = null): number {
		let count = 0;
		for (let at = this.#chunkFrom(seq + 1); at < this.#chunks.length; at++) {
			const chunk = this.#chunks[at];
			if (chunk === undefined) break;
			const from = chunk.indexOf(seq + 1);
			count += node === null ? chunk.lines - from : chunk.countFrom(from, node);
		}
		return count;
	}

	/**
	 * Between two chunks lines may be missing that the server still has: first and last cursor of
	 * the hole that ends right before the line `seq`, null when nothing is missing there.
	 */
	holeBefore(seq: number): { readonly from: number; readonly to: number } | null {
		const at = this.#chunkFrom(seq);
		const before = this.#chunks[at - 1]?.lastSeq ?? 0;
		return this.#chunks[at]?.firstSeq === seq && seq > before + 1
			? { from: before + 1, to: seq - 1 }
			: null;
	}

	#push(chunk: LogChunk, { seq, timestamp, message, replica, level }: LogRecord): void {
		const time = timestamp === '' ? Number.NaN : Number(timestamp) / 1e6;
		const node = replica === null ? null : nodeOfReplica(replica);
		chunk.push(seq, time, node ?? -1, this.#intern(level), cleanLogText(message));
	}

	/** Levels are a handful of words; past 255 of them a line goes without. */
	#intern(level: string | null): number {
		const known = this.#levels.indexOf(level);
		if (known !== -1) return known;
		return this.#levels.length > 255 ? 0 : this.#levels.push(level) - 1;
	}

	#openChunk(): LogChunk {
		const newest = this.#chunks.at(-1);
		const isOpen =
			this.#chunks.length > this.#historyChunks &&
			newest !== undefined &&
			!newest.isFull &&
			newest.characters < chunkCharacters;
		if (isOpen) return newest;
		const chunk = new LogChunk(this.#chunkLines, 'feed');
		this.#chunks.push(chunk);
		return chunk;
	}

	/** Index of the first chunk that reaches to `seq`; the number of chunks if none does. */
	#chunkFrom(seq: number): number {
		let low = 0;
		let high = this.#chunks.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#chunks[middle]?.lastSeq ?? 0) < seq) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	#evict(focus: number | null): void {
		let [lines, bytes] = this.#sizeOf(this.#historyChunks, this.#chunks.length);
		while (
			this.#chunks.length - this.#historyChunks > 1 &&
			(lines > this.limits.lines || bytes > this.limits.bytes)
		) {
			const oldest = this.#chunks[this.#historyChunks];
			lines -= oldest?.lines ?? 0;
			bytes -= oldest?.bytes ?? 0;
			this.#historyChunks++;
		}
		this.#trimHistory(focus);
	}

	/** Lets the history chunks that are farthest from the reader go; all when nobody reads there. */
	#trimHistory(focus: number | null): void {
		if (focus === null) {
			while (this.#historyChunks > 0) this.#drop(0);
			return;
		}
		let [lines, bytes] = this.#sizeOf(0, this.#historyChunks);
		while (
			this.#historyChunks > 1 &&
			(lines > this.limits.historyLines || bytes > this.limits.historyBytes)
		) {
			const distance = (at: number): number => {
				const chunk = this.#chunks[at];
				if (chunk === undefined) return 0;
				return Math.max(chunk.firstSeq - focus, focus - chunk.lastSeq, 0);
			};
			const farthest =
				distance(0) >= distance(this.#historyChunks - 1) ? 0 : this.#historyChunks - 1;
			lines -= this.#chunks[farthest]?.lines ?? 0;
			bytes -= this.#chunks[farthest]?.bytes ?? 0;
			this.#drop(farthest);
		}
	}

	#drop(at: number): void {
		const [chunk] = this.#chunks.splice(at, 1);
		this.#historyChunks--;
		this.#lines -= chunk?.lines ?? 0;
		if (chunk?.origin === 'feed') this.#evicted += chunk.lines;
	}

	#sizeOf(from: number, to: number): [lines: number, bytes: number] {
		let lines = 0;
		let bytes = 0;
		for (const chunk of this.#chunks.slice(from, to)) {
			lines += chunk.lines;
			bytes += chunk.bytes;
		}
		return [lines, bytes];
	}
}
