import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
	type LogLevel,
	type LogRecord,
	logLevels,
	logPageDefault,
	logPageLimit,
	type NewLogRecord,
} from '../contract/log.ts';

/**
 * First and last cursor of a job's records; 0 and 0 when it has none. A log that also grows
 * backwards has its origin and the cursor before it while it is empty.
 */
export type LogBounds = { readonly first: number; readonly last: number };

/** A range by time, in epoch ms: from `startMs` (inclusive) to `endMs` (exclusive). */
export type LogWindow = {
	readonly startMs: number;
	readonly endMs: number;
	readonly direction: 'asc' | 'desc';
	readonly limit?: number;
	/** Leaves out records below this level, and those without one. */
	readonly minLevel?: LogLevel;
};

/** A record without its time. `message` alone is read in half the time of all of it. */
export type LogMessage = Pick<LogRecord, 'seq' | 'message'> &
	Partial<Pick<LogRecord, 'replica' | 'level'>>;
export type MessageColumns = 'message' | 'all';

// The time leaves SQLite as text: as a number it would lose its nanoseconds.
const columns = 'seq, CAST(time AS TEXT) AS timestamp, message, replica, level';

/** Which messages to read at once. */
export type MessageBlock = {
	readonly direction: 'up' | 'down';
	readonly columns: MessageColumns;
	readonly limit: number;
};

/** Under which a log's first cursor stands among the notes of progress, unless it is 1. */
export const originSource = 'log-origin';

/** The log records of all jobs. `job` is the store's own number of a job. */
export class LogStore {
	readonly #database: DatabaseSync;
	readonly #insert: StatementSync;
	readonly #after: StatementSync;
	readonly #before: StatementSync;
	readonly #bounds: StatementSync;
	readonly #between: StatementSync;
	readonly #messages: Readonly<Record<`${'up' | 'down'} ${MessageColumns}`, StatementSync>>;
	readonly #record: StatementSync;
	readonly #cursorAt: StatementSync;
	/** Last cursor by job, so that an append needs no look-up. */
	readonly #last = new Map<number, number>();

	constructor(database: DatabaseSync) {
		this.#database = database;
		this.#insert = database.prepare(
			'INSERT INTO logs (job, seq, time, replica, level, message) VALUES (?, ?, ?, ?, ?, ?)',
		);
		this.#after = database.prepare(
			`SELECT ${columns} FROM logs WHERE job = ? AND seq > ? ORDER BY seq LIMIT ?`,
		);
		this.#before = database.prepare(
			`SELECT ${columns} FROM logs WHERE job = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
		);
		this.#between = database.prepare(
			`SELECT ${columns} FROM logs WHERE job = ? AND time >= ? AND time < ? ORDER BY time, seq`,
		);
		const messages = (names: string, order: 'ASC' | 'DESC'): StatementSync =>
			database.prepare(
				`SELECT ${names} FROM logs WHERE job = ? AND seq ${order === 'ASC' ? '>=' : '<='} ?
				ORDER BY seq ${order} LIMIT ?`,
			);
		const all = 'seq, message, replica, level';
		this.#messages = {
			'up message': messages('seq, message', 'ASC'),
			'down message': messages('seq, message', 'DESC'),
			'up all': messages(all, 'ASC'),
			'down all': messages(all, 'DESC'),
		};
		this.#record = database.prepare(`SELECT ${columns} FROM logs WHERE job = ? AND seq = ?`);
		this.#cursorAt = database.prepare(
			'SELECT seq FROM logs WHERE job = ? AND time >= ? ORDER BY time, seq LIMIT 1',
		);
		this.#bounds = database.prepare(
			`SELECT (SELECT seq FROM logs WHERE job = ?1 ORDER BY seq LIMIT 1) AS first,
				(SELECT seq FROM logs WHERE job = ?1 ORDER BY seq DESC LIMIT 1) AS last,
				(SELECT position FROM progress JOIN jobs ON jobs.id = progress.job_id
					WHERE jobs.number = ?1 AND source = '${originSource}') AS origin`,
		);
	}

	/**
	 * Adds records inside the caller's transaction and returns the last cursor. When that
	 * transaction fails, the caller calls {@link forget}.
	 */
	insert(job: number, records: readonly NewLogRecord[]): number {
		let seq = this.#last.get(job) ?? this.bounds(job).last;
		for (const { timestamp, replica, level, message } of records) {
			seq += 1;
			// STRICT tables turn a decimal string into an integer without loss.
			this.#insert.run(job, seq, timestamp, replica, level, message);
		}
		this.#last.set(job, seq);
		return seq;
	}

	/**
	 * Puts records in front of all others, inside the caller's transaction. Only for a log with an
	 * origin that leaves room below it.
	 */
	prepend(job: number, records: readonly NewLogRecord[]): void {
		let seq = this.bounds(job).first - records.length;
		for (const { timestamp, replica, level, message } of records) {
			this.#insert.run(job, seq, timestamp, replica, level, message);
			seq += 1;
		}
	}

	/** Records of `fromMs` (inclusive) to `toMs` (exclusive), all of them, one by one. */
	*between(job: number, fromMs: number, toMs: number): Iterable<NewLogRecord> {
		const rows = this.#between.iterate(job, nanoseconds(fromMs), nanoseconds(toMs));
		for (const row of rows) yield row as NewLogRecord;
	}

	/** Messages from a cursor (inclusive) on, up to `limit`, upwards or downwards. */
	messages(
		job: number,
		seq: number,
		{ direction, columns: wanted, limit }: MessageBlock,
	): LogMessage[] {
		return this.#messages[`${direction} ${wanted}`].all(job, seq, limit) as LogMessage[];
	}

	/** The record with this cursor. */
	record(job: number, seq: number): LogRecord | undefined {
		return this.#record.get(job, seq) as LogRecord | undefined;
	}

	/** Cursor of the earliest record of a time (epoch ms) or later, null when there is none. */
	cursorAt(job: number, timeMs: number): number | null {
		const row = this.#cursorAt.get(job, nanoseconds(timeMs));
		return row === undefined ? null : Number(row['seq']);
	}

	/** Drops what is remembered of a job, after a transaction was rolled back. */
	forget(job: number): void {
		this.#last.delete(job);
	}

	/** Up to `limit` records with a cursor above `seq`, in rising order. */
	after(job: number, seq: number, limit: number): LogRecord[] {
		return this.#after.all(job, seq, limit) as LogRecord[];
	}

	/** Up to `limit` records with a cursor below `seq`, the nearest ones, in rising order. */
	before(job: number, seq: number, limit: number): LogRecord[] {
		return (this.#before.all(job, seq, limit) as LogRecord[]).reverse();
	}

	bounds(job: number): LogBounds {
		const row = this.#bounds.get(job);
		const origin = row?.['origin'];
		if (origin != null && row?.['first'] == null) {
			return { first: Number(origin), last: Number(origin) - 1 };
		}
		return { first: Number(row?.['first'] ?? 0), last: Number(row?.['last'] ?? 0) };
	}

	/** Records of a range by time, as Baseten's `GET …/logs` answers it; default limit 500. */
	window(job: number, window: LogWindow): LogRecord[] {
		const levels = window.minLevel ? logLevels.slice(logLevels.indexOf(window.minLevel)) : [];
		const levelClause =
			levels.length > 0 ? `AND level IN (${levels.map(() => '?').join(', ')})` : '';
		const order = window.direction === 'asc' ? 'ASC' : 'DESC';
		const limit = Math.min(window.limit ?? logPageDefault, logPageLimit);
		return this.#database
			.prepare(
				`SELECT ${columns} FROM logs WHERE job = ? AND time >= ? AND time < ? ${levelClause}
				ORDER BY time ${order}, seq ${order} LIMIT ?`,
			)
			.all(
				job,
				nanoseconds(window.startMs),
				nanoseconds(window.endMs),
				...levels,
				limit,
			) as LogRecord[];
	}
}

const nanoseconds = (ms: number): bigint => BigInt(Math.trunc(ms)) * 1_000_000n;
