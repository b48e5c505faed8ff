import type { ServerResponse } from 'node:http';
import { feedBatchMs, feedBatchRecords, type Start } from '../contract/feeds.ts';
import type { Store } from '../store/store.ts';
import { EventStream } from './event-stream.ts';
import type { FeedStart } from './feed-cursor.ts';

/** Events that one reader gets before other work has its turn. */
const eventsPerTurn = 10;

/**
 * Sends the log records of a job, from a cursor onwards, until the reader goes. It holds nothing
 * but its cursor: records wait in the store for a reader that is slow.
 */
export class LogFeed {
	readonly #store: Store;
	readonly #jobId: string;
	readonly #stream: EventStream;
	readonly #unsubscribe: () => void;
	#cursor: number;
	#flushedAt = 0;
	/** The flush to come: at the end of this turn of the loop, or when the batch is due. */
	#turn: NodeJS.Immediate | undefined;
	#timer: NodeJS.Timeout | undefined;

	constructor(store: Store, jobId: string, { cursor, gap }: FeedStart, response: ServerResponse) {
		this.#store = store;
		this.#jobId = jobId;
		this.#cursor = cursor;
		this.#unsubscribe = store.changes.on('log', jobId, () => this.#onRecords());
		this.#stream = new EventStream(
			response,
			() => this.#flush(),
			() => this.#close(),
		);
		if (gap) this.#stream.send({ event: 'gap', id: cursor, data: gap });
		this.#stream.send({ event: 'start', id: cursor, data: { cursor } satisfies Start });
		this.#flush();
	}

	/** Coalesces the appends of one turn of the loop. */
	#onRecords(): void {
		this.#turn ??= setImmediate(() => {
			this.#turn = undefined;
			this.#flushWhenDue();
		});
	}

	/** An idle feed flushes at once; a busy one waits for a full batch or the end of its time. */
	#flushWhenDue(): void {
		if (!this.#stream.ready) return;
		const wait = this.#flushedAt + feedBatchMs - performance.now();
		if (wait <= 0 || this.#hasFullBatch()) this.#flush();
		else this.#timer ??= setTimeout(() => this.#flush(), wait);
	}

	#hasFullBatch(): boolean {
		return this.#store.logsAfter(this.#jobId, this.#cursor + feedBatchRecords - 1, 1).length > 0;
	}

	#flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		for (let sent = 0; this.#stream.ready; sent += 1) {
			if (sent === eventsPerTurn) {
				this.#turn ??= setImmediate(() => {
					this.#turn = undefined;
					this.#flush();
				});
				return;
			}
			if (!this.#sendBatch()) return;
		}
	}

	/** Sends the next batch; false when that was the last one for now. */
	#sendBatch(): boolean {
		const records = this.#store.logsAfter(this.#jobId, this.#cursor, feedBatchRecords);
		const [first] = records;
		const last = records.at(-1);
		if (!first || !last) return false;
		if (first.seq > this.#cursor + 1) {
			const gap = { from: this.#cursor + 1, to: first.seq - 1, reason: 'no longer in the store' };
			this.#stream.send({ event: 'gap', id: gap.to, data: gap });
		}
		this.#stream.send({ event: 'log', id: last.seq, data: records });
		this.#cursor = last.seq;
		this.#flushedAt = performance.now();
		return records.length === feedBatchRecords;
	}

	#close(): void {
		this.#unsubscribe();
		clearImmediate(this.#turn);
		clearTimeout(this.#timer);
	}
}
