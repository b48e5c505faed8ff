import { z } from 'zod';
import type { ApiLog, NewLogRecord } from '../../contract/log.ts';
import { nodeOfReplica } from '../../contract/session.ts';
import type { Progress, Store } from '../../store/store.ts';
import { type LogSource, longestWindowMs, wholeLines } from './log-source.ts';
import { keyOf, readNewest, readWindow } from './read-window.ts';

/** The cursor of the first line that is mirrored: older lines are put below it. */
const logOrigin = 2 ** 40;
/** Ms that are read again for lines that the API shows late: at most polls, and now and then. */
const shortOverlapMs = 2_000;
const longOverlapMs = 75_000;
const longEveryMs = 10_000;
/** Ms by which a line's time may be ahead of the server's clock, or before its job's creation. */
const marginMs = 60_000;
/** Ms by which the position in the store may be behind the one in memory, while no line comes. */
const saveEveryMs = 10_000;

const progressSource = 'mirror';
const positionSchema = z.object({
	/** Everything up to this ms was read once. Lines may still appear late in what is behind it. */
	scannedTo: z.number(),
	/** Everything after this ms was read; null when the whole history was. */
	unreadTo: z.number().nullable(),
});
type Position = z.output<typeof positionSchema>;

export type LogMirrorOptions = {
	readonly store: Store;
	readonly jobId: string;
	readonly source: LogSource;
	/** When the job was created, epoch ms of the server's clock. */
	readonly createdMs: number;
	/** Epoch ms of the server's clock. */
	readonly now: () => number;
};

/**
 * Copies a job's log from an API without cursors into the store, each line once: the newest page
 * first, from there on forward with every poll, and backward step by step. Overlaps are compared
 * with what the store has, as multisets: two equal lines of one nanosecond are two lines. All that
 * it knows stands in the store, in the transactions that add lines, so it can stop anywhere.
 */
export class LogMirror {
	readonly #options: LogMirrorOptions;
	readonly #source: LogSource;
	#position: Position | undefined;
	#savedAt = 0;
	#longAt = Number.NEGATIVE_INFINITY;
	#turn: Promise<unknown> = Promise.resolve();

	constructor(options: LogMirrorOptions) {
		this.#options = options;
		this.#source = wholeLines(options.source);
		const { store, jobId } = options;
		const noted = store.progress(jobId, progressSource);
		if (noted !== undefined) this.#position = positionSchema.parse(JSON.parse(noted));
		else store.setLogOrigin(jobId, logOrigin);
	}

	/** Whether nothing older is left to read. */
	get isWhole(): boolean {
		return this.#position?.unreadTo === null;
	}

	/**
	 * Reads what is new.
	 * @param isLast Looks for late lines once more, e.g. after the job has ended.
	 * @returns how many lines were added
	 */
	poll(isLast = false): Promise<number> {
		return this.#inTurn(() => this.#readNew(isLast));
	}

	/** Reads a page of what is older than all that was read. Does nothing when nothing is. */
	readOlder(): Promise<void> {
		return this.#inTurn(() => this.#readOlderPage());
	}

	/** One after the other: what two read at once, neither would find in the store. */
	#inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
		const result = this.#turn.then(work);
		this.#turn = result.catch(() => {});
		return result;
	}

	async #readNew(isLast: boolean): Promise<number> {
		if (this.#position === undefined) return this.#begin();
		const position = this.#position;
		const { store, jobId, now } = this.#options;
		const nowMs = now();
		const isLong = isLast || nowMs - this.#longAt >= longEveryMs;
		const overlap = isLong ? longOverlapMs : shortOverlapMs;
		const from = Math.max(position.scannedTo - overlap, (position.unreadTo ?? this.#startMs) + 1);
		const known = countOf(store.logsBetween(jobId, from, nowMs + 10 * marginMs));
		let added = 0;
		for await (const part of readWindow(this.#source, from, nowMs + marginMs)) {
			const fresh = without(known, recordsOf(part.lines, part.lostInMs));
			const through = Math.min(part.throughMs, nowMs);
			if (through > position.scannedTo) position.scannedTo = through;
			if (fresh.length > 0) store.append(jobId, fresh, this.#progress());
			added += fresh.length;
		}
		if (isLong) this.#longAt = nowMs;
		if (nowMs - this.#savedAt >= saveEveryMs) store.setProgress(jobId, this.#progress());
		return added;
	}

	async #readOlderPage(): Promise<void> {
		const position = this.#position;
		if (position === undefined || position.unreadTo === null) return;
		const { store, jobId } = this.#options;
		const { lines, unreadTo } = await this.#newest(position.unreadTo);
		position.unreadTo = unreadTo;
		store.prepend(jobId, lines, this.#progress());
	}

	/** The newest page, wherever it is: a job may have ended days ago. */
	async #begin(): Promise<number> {
		const { store, jobId, now } = this.#options;
		const nowMs = now();
		let unreadTo: number | null = nowMs + marginMs;
		let lines: readonly NewLogRecord[] = [];
		while (unreadTo !== null && lines.length === 0) {
			({ lines, unreadTo } = await this.#newest(unreadTo));
		}
		this.#position = { scannedTo: nowMs, unreadTo };
		store.append(jobId, lines, this.#progress());
		return lines.length;
	}

	async #newest(
		toMs: number,
	): Promise<{ readonly lines: readonly NewLogRecord[]; readonly unreadTo: number | null }> {
		const from = Math.max(this.#startMs, toMs - longestWindowMs + 1);
		const { lines, cutInMs, lostInMs } = await readNewest(this.#source, from, toMs);
		const unreadTo = cutInMs ?? from - 1;
		return {
			lines: recordsOf(lines, lostInMs),
			unreadTo: unreadTo < this.#startMs ? null : unreadTo,
		};
	}

	get #startMs(): number {
		return this.#options.createdMs - marginMs;
	}

	#progress(): Progress {
		this.#savedAt = this.#options.now();
		return { source: progressSource, position: JSON.stringify(this.#position) };
	}
}

const recordsOf = (lines: readonly ApiLog[], lostInMs: number | null): NewLogRecord[] => {
	const records = lines.map(({ timestamp, message, replica, level }) => {
		const node = replica === null ? null : nodeOfReplica(replica);
		return { timestamp, message, replica: node === null ? replica : String(node), level };
	});
	if (lostInMs === null) return records;
	const message = '[plane] lines are missing: this millisecond has more than the API shows';
	const timestamp = `${lostInMs}999999`;
	return [...records, { timestamp, message, replica: null, level: 'WARNING' }];
};

type Counts = Map<string, number>;

const countOf = (records: Iterable<NewLogRecord>): Counts => {
	const counts: Counts = new Map();
	for (const record of records) {
		const key = keyOf(record);
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
};

/** The records beyond those that are known; takes from the counts what it meets. */
const without = (known: Counts, records: readonly NewLogRecord[]): NewLogRecord[] =>
	records.filter((record) => {
		const key = keyOf(record);
		const left = known.get(key) ?? 0;
		if (left > 0) known.set(key, left - 1);
		return left === 0;
	});
