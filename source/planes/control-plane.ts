import type { MetricsQuery, MetricsReply } from '../contract/metrics.ts';
import type { QueuePlace } from '../contract/queue.ts';
import type { Secret } from '../contract/secret.ts';
import type { PatchSession, PatchSessionReply } from '../contract/session.ts';
import type { SshSignReply, SshSignRequest } from '../contract/ssh.ts';
import type { CreateTrainingJob, TrainingJob, TrainingProject } from '../contract/training-job.ts';

/**
 * Where jobs run. A plane acts, and writes what it learns (status, sessions, log records) into
 * the store; every reader reads the store. Methods throw a `Failure` with a line for people.
 */
export interface ControlPlane {
	/** Short name for the header and the snapshots, e.g. `local`. */
	readonly name: string;
	/** Whether its logs are copies that also grow backwards: nothing is missing before the first line. */
	readonly isMirror: boolean;
	/** Finds the state of an earlier run again and begins to work. */
	start(): Promise<void>;
	/** Stops working and frees every resource; jobs go on where the plane allows it. */
	close(): Promise<void>;
	/** Brings the store's list of jobs up to date. */
	refreshJobs(): Promise<void>;
	/** Brings a job and its sessions up to date in the store. @throws Failure `not_found` */
	refreshJob(jobId: string): Promise<void>;
	/**
	 * Brings a job's log up to date in the store: its end, or `count` lines before a cursor, as far
	 * as there are any.
	 */
	refreshLog(jobId: string, before: number | null, count: number): Promise<void>;
	/** Brings a job's whole log into the store. */
	readWholeLog(jobId: string): Promise<void>;
	/** Whether no line of a job that has ended will come any more. */
	isLogSettled(jobId: string): boolean;
	/** Where a waiting job stands, null when it does not wait or nobody says. */
	queueOf(jobId: string): QueuePlace | null;
	/** What the job's nodes use, as time series. */
	metrics(jobId: string, query: MetricsQuery): Promise<MetricsReply>;
	/** Somebody follows the job's feeds, until the returned function is called. */
	watch(jobId: string): () => void;
	upsertProject(name: string): Promise<TrainingProject>;
	createJob(projectId: string, request: CreateTrainingJob): Promise<TrainingJob>;
	stopJob(jobId: string): Promise<TrainingJob>;
	/** Creates a new job with the same request; the id is new. */
	recreateJob(jobId: string): Promise<TrainingJob>;
	/** Adds minutes and/or changes the trigger. Not idempotent: callers never repeat it. */
	patchSession(jobId: string, sessionId: string, patch: PatchSession): Promise<PatchSessionReply>;
	signSsh(jobId: string, request: SshSignRequest): Promise<SshSignReply>;
	/** Names and dates; values are never told. */
	listSecrets(): Promise<Secret[]>;
	/** @throws Failure `not_found` */
	deleteSecret(name: string): Promise<void>;
	/** Stores a secret for `{"name": …}` references in later jobs. */
	putSecret(name: string, value: string): Promise<void>;
}
