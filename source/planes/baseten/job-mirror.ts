import { setTimeout as delay } from 'node:timers/promises';
import { RequestFailure } from '../../api/request-failure.ts';
import type { Api } from '../../api/rest-client.ts';
import type { QueuePlace } from '../../contract/queue.ts';
import { hasEnded } from '../../contract/status.ts';
import type { TrainingJob } from '../../contract/training-job.ts';
import type { Store } from '../../store/store.ts';
import { isSame } from './is-same.ts';
import { LogMirror } from './log-mirror.ts';
import { sessionsOf } from './merge-session.ts';

/** Ms between two polls of the log: while lines flow, and when it is quiet. */
const shortestPauseMs = 500;
const longestPauseMs = 5_000;
/** Ms between two looks at job and sessions; longer when the job is over. */
const statePauseMs = 2_000;
const endedPauseMs = 10_000;
/** Ms between two pages of older lines, so that they take no place from the new ones. */
const olderPauseMs = 100;
/** Ms for which a log is read on after the job's end: its last lines come late. */
const afterEndMs = 10_000;
/** Statuses in which a job waits for machines, and ms between two looks at its place. */
const waitingStatuses = ['TRAINING_JOB_PENDING', 'TRAINING_JOB_QUEUED'];
const queuePauseMs = 15_000;
/** Ms before another attempt, after a failure that names none. */
const failurePauseMs = [1_000, 10_000] as const;

export type JobMirrorOptions = {
	readonly store: Store;
	readonly api: Api;
	readonly job: TrainingJob;
	/** Label of the remote in host names, null for the default one. */
	readonly remote: string | null;
	/** Epoch ms of the server's clock. */
	readonly now: () => number;
	/** Gets a line when polls begin to fail. */
	readonly log: (line: string) => void;
};

/** Keeps a job in the store as Baseten has it, for as long as somebody watches. */
export class JobMirror {
	readonly #options: JobMirrorOptions;
	readonly #log: LogMirror;
	#abort: AbortController | undefined;
	#wake = new AbortController();
	#seenAt = Number.NEGATIVE_INFINITY;
	#isLogSettled = false;
	#queue: QueuePlace | null = null;
	#queueAt = Number.NEGATIVE_INFINITY;
	#mayAskQueue = true;
	#running: Promise<unknown> = Promise.resolve();

	constructor(options: JobMirrorOptions) {
		this.#options = options;
		const { store, api, job, now } = options;
		this.#log = new LogMirror({
			store,
			jobId: job.id,
			createdMs: Date.parse(job.created_at),
			now,
			source: (query) => api.logs(job.training_project_id, job.id, query),
		});
	}

	/** Where the job stands while it waits, null when it does not or nobody may know. */
	get queue(): QueuePlace | null {
		return this.#queue;
	}

	/** Whether no line will come any more, because the job has ended long enough ago. */
	get isLogSettled(): boolean {
		return this.#isLogSettled;
	}

	/** When job and sessions were last read, epoch ms of the server's clock. */
	get seenAt(): number {
		return this.#seenAt;
	}

	/** Begins to follow the job, or goes on. Does nothing while it does. */
	start(): void {
		if (this.#abort) return;
		this.#abort = new AbortController();
		const { signal } = this.#abort;
		this.#running = Promise.all([
			this.#running,
			this.#followLog(signal),
			this.#followState(signal),
		]);
	}

	/** Stops following; what is under way is finished. */
	async stop(): Promise<void> {
		this.#abort?.abort();
		this.#abort = undefined;
		await this.#running;
	}

	/** Looks again at once: somebody has acted. */
	wake(): void {
		this.#wake.abort();
		this.#wake = new AbortController();
	}

	/** Reads job and sessions, and stores what has changed. @throws Failure of the calls. */
	async readState(): Promise<void> {
		const { store, api, job, remote, now } = this.#options;
		const [fresh, codes] = await Promise.all([
			api.getJob(job.training_project_id, job.id),
			api.authCodes(job.training_project_id, job.id),
		]);
		const nowMs = now();
		const before = store.jobs.sessions(job.id);
		const after = sessionsOf({ job: fresh, codes, before, remote, nowMs });
		if (!isSame(store.requireJob(job.id), fresh)) store.updateJob(job.id, fresh);
		for (const session of after) {
			if (
				!isSame(
					before.find(({ node }) => node === session.node),
					session,
				)
			) {
				store.putSession(job.id, session);
			}
		}
		this.#seenAt = nowMs;
	}

	/** Reads the log up to now. @throws Failure of the calls. */
	async readLog(): Promise<void> {
		await this.#log.poll(true);
	}

	/** Reads the log from its first line on. @throws Failure of the calls. */
	async readWholeLog(): Promise<void> {
		await this.readLog();
		while (!this.#log.isWhole) await this.#log.readOlder();
	}

	/** Resolves once there are that many lines before a cursor, or no more to come. */
	async readBefore(seq: number, count: number): Promise<void> {
		const { store, job } = this.#options;
		while (!this.#log.isWhole && seq - store.logBounds(job.id).first < count) {
			await this.#log.readOlder();
		}
	}

	/** Only some may ask: who is refused once is not asked for again. */
	async #readQueue(): Promise<void> {
		const { store, api, job, now } = this.#options;
		const isWaiting = waitingStatuses.includes(this.#status);
		const isDue = this.#mayAskQueue && now() - this.#queueAt >= queuePauseMs;
		if (isWaiting && !isDue) return;
		const before = JSON.stringify(this.#queue);
		this.#queue = null;
		if (isWaiting) {
			this.#queueAt = now();
			try {
				const { submitted_at: since, pending_ahead_at_submit: ahead } = await api.queueContext(
					job.id,
				);
				this.#queue = { ahead: ahead.length, since };
			} catch (error) {
				this.#mayAskQueue = error instanceof RequestFailure && error.passing;
			}
		}
		if (JSON.stringify(this.#queue) !== before) store.updateJob(job.id, {});
	}

	async #followState(signal: AbortSignal): Promise<void> {
		await this.#repeat(signal, async () => {
			await this.readState();
			await this.#readQueue();
			return hasEnded(this.#status) ? endedPauseMs : statePauseMs;
		});
	}

	async #followLog(signal: AbortSignal): Promise<void> {
		let pause = shortestPauseMs;
		let endSeenAt: number | null = null;
		await this.#repeat(signal, async () => {
			if (this.#isLogSettled && this.#log.isWhole) return endedPauseMs;
			const { now } = this.#options;
			if (hasEnded(this.#status)) endSeenAt ??= Math.min(now(), this.#updatedMs || now());
			const isLast = endSeenAt !== null && now() - endSeenAt >= afterEndMs;
			const added = await this.#log.poll(isLast);
			if (isLast && !this.#isLogSettled) this.#settleLog();
			pause = added > 0 ? shortestPauseMs : Math.min(pause * 1.5, longestPauseMs);
			if (this.#log.isWhole) return pause;
			await this.#log.readOlder();
			return olderPauseMs;
		});
	}

	/** Readers of the state learn of it by a new version of the job. */
	#settleLog(): void {
		this.#isLogSettled = true;
		this.#options.store.updateJob(this.#options.job.id, {});
	}

	/** Calls `work` again and again, after the pause that it asks for. Failures only delay it. */
	async #repeat(stopped: AbortSignal, work: () => Promise<number>): Promise<void> {
		let failures = 0;
		while (!stopped.aborted) {
			let pause: number;
			try {
				pause = await work();
				failures = 0;
			} catch (error) {
				failures += 1;
				if (failures === 1) this.#options.log(`job ${this.#options.job.id}: ${String(error)}`);
				const [shortest, longest] = failurePauseMs;
				const asked = error instanceof RequestFailure ? error.retryAfter : null;
				const jittered =
					Math.min(longest, shortest * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
				pause = asked ?? jittered;
			}
			const signal = AbortSignal.any([stopped, this.#wake.signal]);
			await delay(pause, undefined, { signal }).catch(() => {});
		}
	}

	get #status(): string {
		return this.#options.store.requireJob(this.#options.job.id).current_status;
	}

	/** When the job was changed last, epoch ms; NaN when nobody says. */
	get #updatedMs(): number {
		return Date.parse(this.#options.store.requireJob(this.#options.job.id).updated_at);
	}
}
