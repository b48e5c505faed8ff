import type { LogRecord } from '../contract/log.ts';
import { LevelNames, LineWriter } from './line-writer.ts';
import { LogChunk, lineMarks } from './log-chunk.ts';
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
	/** Clean, with its styles. */
	readonly text: string;
	/** Whether it opens a traceback. */
	readonly isTracebackHead: boolean;
};

/** Lines that were asked for: the records of the cursors `from` to `to`, inclusive. */
export type LogPage = {
	readonly records: readonly LogRecord[];
	readonly from: number;
	readonly to: number;
	/** Whether lines in between were left out because a filter said so. */
	readonly isFiltered: boolean;
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
	readonly #levels = new LevelNames();
	readonly #writer = new LineWriter(this.#levels);
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

	/** Lowest cursor in memory, null when there is none. */
	get first(): number | null {
		return this.#chunks[0]?.from ?? null;
	}

	/** Highest cursor in memory, null when there is none. */
	get end(): number | null {
		return this.#chunks.at(-1)?.to ?? null;
	}

	/** Lowest cursor of the lines that came over the feed last; null when there are none. */
	get newestFrom(): number | null {
		return this.#chunks[this.#historyChunks]?.from ?? null;
	}

	/** Name of a level by its number in a chunk, null for none. */
	levelName(level: number): string | null {
		return this.#levels.name(level);
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
			this.#writer.write(this.#openChunk(record.seq), record);
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
	 * Adds the lines of a page where the ring has none yet; what is here already stays as it is.
	 * Newer lines than those of the feed are left to the feed.
	 * @param focus cursor near which lines must stay for a reader; null when the end is shown.
	 * @returns whether the ring now answers for more cursors than before
	 */
	insertPage(page: LogPage, focus: number | null): boolean {
		const newest = this.#chunks[this.#historyChunks]?.from ?? Number.POSITIVE_INFINITY;
		const end = Math.min(page.to, newest - 1);
		let { from } = page;
		let isNew = false;
		for (let at = 0; from <= end; at++) {
			const chunk = at < this.#historyChunks ? this.#chunks[at] : undefined;
			if (chunk !== undefined && chunk.to < from) continue;
			const to = Math.min(end, (chunk?.from ?? Number.POSITIVE_INFINITY) - 1);
			if (from <= to) {
				isNew = true;
				at += this.#fill(at, { ...page, from, to });
			}
			if (chunk === undefined) break;
			from = chunk.to + 1;
		}
		if (isNew) this.#evict(focus);
		return isNew;
	}

	/** Lets go of pages that were asked for under a filter: the filter is not the same any more. */
	dropFilteredPages(): void {
		for (let at = this.#historyChunks - 1; at >= 0; at--) {
			if (this.#chunks[at]?.origin === 'filtered-page') this.#drop(at);
		}
	}

	/** Chunks from the oldest to the newest, from the one that reaches to `seq` on. */
	*chunksFrom(seq: number): Generator<LogChunk> {
		for (let at = this.#chunkFrom(seq); at < this.#chunks.length; at++) {
			yield this.#chunks[at] as LogChunk;
		}
	}

	/** Chunks from the newest to the oldest, from the one that holds or precedes `seq` on. */
	*chunksBack(seq: number): Generator<LogChunk> {
		let at = Math.min(this.#chunkFrom(seq), this.#chunks.length - 1);
		if ((this.#chunks[at]?.from ?? 0) > seq) at--;
		for (; at >= 0; at--) yield this.#chunks[at] as LogChunk;
	}

	/** Whether the ring answers for a cursor: it has its line, or knows that none is to be shown. */
	covers(seq: number): boolean {
		return (this.#chunks[this.#chunkFrom(seq)]?.from ?? Number.POSITIVE_INFINITY) <= seq;
	}

	/** Whether everything between two covered cursors is in memory. */
	isWhole(from: number, to: number): boolean {
		const end = this.#chunkFrom(to);
		for (let at = this.#chunkFrom(from); at < end; at++) {
			if (this.#chunks[at + 1]?.from !== (this.#chunks[at]?.to ?? 0) + 1) return false;
		}
		return true;
	}

	/** Lowest cursor from which on everything up to the covered cursor `seq` is in memory. */
	coveredFrom(seq: number): number {
		let at = this.#chunkFrom(seq);
		while (at > 0 && this.#chunks[at - 1]?.to === (this.#chunks[at]?.from ?? 0) - 1) at--;
		return this.#chunks[at]?.from ?? seq;
	}

	/** Highest cursor up to which everything from the covered cursor `seq` on is in memory. */
	coveredTo(seq: number): number {
		let at = this.#chunkFrom(seq);
		while (this.#chunks[at + 1]?.from === (this.#chunks[at]?.to ?? 0) + 1) at++;
		return this.#chunks[at]?.to ?? seq;
	}

	/** Where the line with this cursor stands, null when it is not in memory. */
	placeOf(seq: number): { readonly chunk: LogChunk; readonly index: number } | null {
		const chunk = this.#chunks[this.#chunkFrom(seq)];
		const index = chunk?.indexOf(seq) ?? 0;
		return chunk?.seqAt(index) !== seq || index >= chunk.lines ? null : { chunk, index };
	}

	/** The line with this cursor, null when it is not in memory. */
	line(seq: number): LogLine | null {
		const place = this.placeOf(seq);
		if (place === null) return null;
		const { chunk, index } = place;
		const node = chunk.nodeAt(index);
		return {
			seq,
			time: chunk.timeAt(index),
			node: node === -1 ? null : node,
			level: this.#levels.name(chunk.levelAt(index)),
			isTracebackHead: (chunk.marksAt(index) & lineMarks.tracebackHead) !== 0,
			text: chunk.textAt(index),
		};
	}

	/** Puts the part of a page that fits a hole before the chunk `at`. Returns chunks added. */
	#fill(at: number, { records, from, to, isFiltered }: LogPage): number {
		const lines = records.filter(({ seq }) => seq >= from && seq <= to);
		const before = this.#chunks[at - 1];
		const origin = isFiltered ? 'filtered-page' : 'page';
		if (lines.length === 0 && before?.to === from - 1 && before.origin === origin) {
			before.to = to;
			return 0;
		}
		const chunk = new LogChunk(lines.length, origin, from, to);
		const writer = new LineWriter(this.#levels);
		for (const record of lines) writer.write(chunk, record);
		this.#chunks.splice(at, 0, chunk);
		this.#historyChunks++;
		this.#lines += lines.length;
		return 1;
	}

	/** The chunk that the record `seq` goes into; a new one also answers for what was skipped. */
	#openChunk(seq: number): LogChunk {
		const newest = this.#chunks.length > this.#historyChunks ? this.#chunks.at(-1) : undefined;
		const isOpen = newest !== undefined && !newest.isFull && newest.characters < chunkCharacters;
		if (isOpen) return newest;
		newest?.seal();
		const from = newest === undefined ? seq : newest.to + 1;
		const chunk = new LogChunk(this.#chunkLines, 'feed', from, seq);
		this.#chunks.push(chunk);
		return chunk;
	}

	/** Index of the first chunk that reaches to `seq`; the number of chunks if none does. */
	#chunkFrom(seq: number): number {
		let low = 0;
		let high = this.#chunks.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#chunks[middle]?.to ?? 0) < seq) low = middle + 1;
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
				return Math.max(chunk.from - focus, focus - chunk.to, 0);
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
