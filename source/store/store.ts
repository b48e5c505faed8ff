import type { DatabaseSync } from 'node:sqlite';
import { Failure } from '../contract/failure.ts';
import type { LogRecord, NewLogRecord } from '../contract/log.ts';
import type { NodeSession } from '../contract/session.ts';
import type { CreateTrainingJob, TrainingJob } from '../contract/training-job.ts';
import { ChangeHub } from './change-hub.ts';
import { inTransaction, openDatabase } from './database.ts';
import { JobStore } from './job-store.ts';
import {
	type LogBounds,
	type LogMessage,
	LogStore,
	type LogWindow,
	type MessageBlock,
	originSource,
} from './log-store.ts';
import { SecretStore } from './secret-store.ts';

/** How far a plane has read one of its sources, in the plane's own words. */
export type Progress = { readonly source: string; readonly position: string };

/**
 * Everything that is kept of jobs: what planes write and all readers read. One process writes;
 * calls are synchronous and return when the data is safe from the death of the process.
 */
export class Store {
	readonly #database: DatabaseSync;
	readonly #logs: LogStore;
	/** Reads of projects, jobs and sessions. */
	readonly jobs: Omit<JobStore, 'insertJob' | 'updateJob' | 'putSession'>;
	readonly #jobs: JobStore;
	readonly secrets: SecretStore;
	/** Tells readers of this process that a job has new records or a new state. */
	readonly changes = new ChangeHub();

	private constructor(database: DatabaseSync) {
		this.#database = database;
		this.#logs = new LogStore(database);
		this.#jobs = new JobStore(database);
		this.jobs = this.#jobs;
		this.secrets = new SecretStore(database);
	}

	/** @throws Failure as `openDatabase` does. */
	static open(directory: string): Store {
		return new Store(openDatabase(directory));
	}

	close(): void {
		this.#database.close();
	}

	/** Adds a job together with the sessions of its nodes. */
	insertJob(job: TrainingJob, request: CreateTrainingJob, sessions: readonly NodeSession[]): void {
		inTransaction(this.#database, () => {
			this.#jobs.insertJob(job, request);
			for (const session of sessions) this.#jobs.putSession(job.id, session);
		});
		this.changes.emit('state', job.id);
	}

	/**
	 * Merges changes into a job and returns it.
	 * @throws Failure `not_found`
	 */
	updateJob(id: string, changes: Partial<TrainingJob>): TrainingJob {
		const job = { ...this.requireJob(id), ...changes };
		this.#jobs.updateJob(job);
		this.changes.emit('state', id);
		return job;
	}

	putSession(jobId: string, session: NodeSession): void {
		inTransaction(this.#database, () => this.#jobs.putSession(jobId, session));
		this.changes.emit('state', jobId);
	}

	/** @throws Failure `not_found` */
	requireJob(id: string): TrainingJob {
		const job = this.#jobs.job(id);
		if (!job) throw unknownJob(id);
		return job;
	}

	/**
	 * Appends records in one transaction, together with the reader's progress, and returns the last
	 * cursor. When it returns, the records are acknowledged: they survive a kill.
	 * @throws Failure `not_found`
	 */
	append(jobId: string, records: readonly NewLogRecord[], progress?: Progress): number {
		const job = this.#number(jobId);
		let last: number;
		try {
			last = inTransaction(this.#database, () => {
				if (progress) this.#putProgress(jobId, progress);
				return this.#logs.insert(job, records);
			});
		} catch (error) {
			this.#logs.forget(job);
			throw error;
		}
		if (records.length > 0) this.changes.emit('log', jobId);
		return last;
	}

	/**
	 * Puts older records in front of all others, together with the reader's progress. Feeds do not
	 * tell of them; pages do.
	 * @throws Failure `not_found`
	 */
	prepend(jobId: string, records: readonly NewLogRecord[], progress: Progress): void {
		const job = this.#number(jobId);
		inTransaction(this.#database, () => {
			this.#putProgress(jobId, progress);
			this.#logs.prepend(job, records);
		});
		this.changes.emit('older', jobId);
	}

	/** Lets a job's log, which is still empty, begin so high that older records fit before it. */
	setLogOrigin(jobId: string, origin: number): void {
		this.#putProgress(jobId, { source: originSource, position: String(origin) });
	}

	/** All records of `fromMs` (inclusive) to `toMs` (exclusive), in the order of their times. */
	logsBetween(jobId: string, fromMs: number, toMs: number): Iterable<NewLogRecord> {
		return this.#logs.between(this.#number(jobId), fromMs, toMs);
	}

	/** Where a plane's reading of a source stands, undefined before its first progress. */
	progress(jobId: string, source: string): string | undefined {
		const row = this.#database
			.prepare('SELECT position FROM progress WHERE job_id = ? AND source = ?')
			.get(jobId, source);
		return row && String(row['position']);
	}

	/** Keeps a position without records, e.g. the process that runs a node. */
	setProgress(jobId: string, progress: Progress): void {
		this.#putProgress(jobId, progress);
	}

	/** Up to `limit` records with a cursor above `seq`, in rising order. */
	logsAfter(jobId: string, seq: number, limit: number): LogRecord[] {
		return this.#logs.after(this.#number(jobId), seq, limit);
	}

	/** Up to `limit` records with a cursor below `seq`, the nearest ones, in rising order. */
	logsBefore(jobId: string, seq: number, limit: number): LogRecord[] {
		return this.#logs.before(this.#number(jobId), seq, limit);
	}

	/** Messages from a cursor (inclusive) on, up to `limit`, upwards or downwards. */
	logMessages(jobId: string, seq: number, block: MessageBlock): LogMessage[] {
		return this.#logs.messages(this.#number(jobId), seq, block);
	}

	/** The record with this cursor, undefined when there is none. */
	logRecord(jobId: string, seq: number): LogRecord | undefined {
		return this.#logs.record(this.#number(jobId), seq);
	}

	/** Cursor of the earliest record of a time (epoch ms) or later, null when there is none. */
	logCursorAt(jobId: string, timeMs: number): number | null {
		return this.#logs.cursorAt(this.#number(jobId), timeMs);
	}

	/** Records of a range by time. */
	logsWindow(jobId: string, window: LogWindow): LogRecord[] {
		return this.#logs.window(this.#number(jobId), window);
	}

	logBounds(jobId: string): LogBounds {
		return this.#logs.bounds(this.#number(jobId));
	}

	#putProgress(jobId: string, { source, position }: Progress): void {
		this.#database
			.prepare(
				`INSERT INTO progress (job_id, source, position) VALUES (?, ?, ?)
				ON CONFLICT (job_id, source) DO UPDATE SET position = excluded.position`,
			)
			.run(jobId, source, position);
	}

	#number(jobId: string): number {
		const number = this.#jobs.jobNumber(jobId);
		if (number === undefined) throw unknownJob(jobId);
		return number;
	}

	/** Adds a project, or marks the one of that name as used now. */
	putProject(project: Parameters<JobStore['putProject']>[0]): void {
		this.#jobs.putProject(project);
	}
}

const unknownJob = (id: string): Failure =>
	new Failure('not_found', `No training job found with ID: ${id}`);
