import type { Api } from '../../api/rest-client.ts';
import { Failure } from '../../contract/failure.ts';
import type { MetricsQuery, MetricsReply } from '../../contract/metrics.ts';
import type { QueuePlace } from '../../contract/queue.ts';
import type { Secret } from '../../contract/secret.ts';
import type { PatchSession, PatchSessionReply } from '../../contract/session.ts';
import type { SshSignReply, SshSignRequest } from '../../contract/ssh.ts';
import {
	type CreateTrainingJob,
	createTrainingJobSchema,
	type TrainingJob,
	type TrainingProject,
} from '../../contract/training-job.ts';
import type { Store } from '../../store/store.ts';
import type { ControlPlane } from '../control-plane.ts';
import { isSame } from './is-same.ts';
import { JobMirror } from './job-mirror.ts';
import { revealedSession } from './merge-session.ts';

/** Ms for which a job is mirrored on after its last viewer has gone: many come back at once. */
const defaultGraceMs = 30_000;
/** Ms for which what was read of a job counts as current. */
const currentMs = 3_000;

export type BasetenPlaneOptions = {
	readonly store: Store;
	readonly api: Api;
	/** Short name for the header, e.g. `baseten`. */
	readonly name: string;
	/** Label of the remote in host names, null for the default one. */
	readonly remote: string | null;
	/** Epoch ms of the server's clock. */
	readonly now: () => number;
	readonly graceMs?: number;
	/** Gets a line for each fault that nobody waits for. */
	readonly log?: (line: string) => void;
};

/** One for each job for as long as this plane lives: two would not know of each other's lines. */
type Watched = { readonly mirror: JobMirror; viewers: number; timer: NodeJS.Timeout | undefined };

/**
 * Jobs at Baseten: actions go through, and what is watched is mirrored into the store, by one
 * mirror for each job however many watch.
 */
export class BasetenPlane implements ControlPlane {
	readonly name: string;
	readonly isMirror = true;
	readonly #options: BasetenPlaneOptions;
	readonly #store: Store;
	readonly #api: Api;
	readonly #watched = new Map<string, Watched>();

	constructor(options: BasetenPlaneOptions) {
		this.name = options.name;
		this.#options = options;
		this.#store = options.store;
		this.#api = options.api;
	}

	async start(): Promise<void> {}

	async close(): Promise<void> {
		const watched = [...this.#watched.values()];
		this.#watched.clear();
		for (const { timer } of watched) clearTimeout(timer);
		await Promise.all(watched.map(({ mirror }) => mirror.stop()));
	}

	async refreshJobs(): Promise<void> {
		for (const job of await this.#api.listJobs()) this.#put(job);
	}

	async refreshJob(jobId: string): Promise<void> {
		if (!this.#store.jobs.job(jobId)) this.#put(await this.#api.findJob(jobId));
		const { mirror } = this.#watchedOf(jobId);
		if (this.#options.now() - mirror.seenAt >= currentMs) await mirror.readState();
	}

	async refreshLog(jobId: string, before: number | null, count: number): Promise<void> {
		const { mirror } = this.#watchedOf(jobId);
		if (before === null) await mirror.readLog();
		else await mirror.readBefore(before, count);
	}

	readWholeLog(jobId: string): Promise<void> {
		return this.#watchedOf(jobId).mirror.readWholeLog();
	}

	metrics(jobId: string, query: MetricsQuery): Promise<MetricsReply> {
		return this.#api.metrics(this.#projectOf(jobId), jobId, query);
	}

	queueOf(jobId: string): QueuePlace | null {
		return this.#watched.get(jobId)?.mirror.queue ?? null;
	}

	isLogSettled(jobId: string): boolean {
		return this.#watched.get(jobId)?.mirror.isLogSettled ?? true;
	}

	watch(jobId: string): () => void {
		const watched = this.#watchedOf(jobId);
		watched.viewers += 1;
		clearTimeout(watched.timer);
		watched.mirror.start();
		let isReleased = false;
		return () => {
			if (isReleased) return;
			isReleased = true;
			watched.viewers -= 1;
			if (watched.viewers > 0) return;
			watched.timer = setTimeout(() => {
				void watched.mirror.stop();
			}, this.#options.graceMs ?? defaultGraceMs);
			watched.timer.unref();
		};
	}

	async upsertProject(name: string): Promise<TrainingProject> {
		const project = await this.#api.createProject(name);
		this.#store.putProject(project);
		return project;
	}

	/** @throws Failure `invalid`: what a job runs has to be uploaded, which signalbox does not do. */
	async createJob(projectId: string, request: CreateTrainingJob): Promise<TrainingJob> {
		if (request.source_directory) {
			throw new Failure(
				'invalid',
				'signalbox does not upload files to Baseten yet: push the job with truss train push.',
			);
		}
		return this.#put(await this.#api.createJob(projectId, request));
	}

	async stopJob(jobId: string): Promise<TrainingJob> {
		return this.#put(await this.#api.stopJob(this.#projectOf(jobId), jobId));
	}

	async recreateJob(jobId: string): Promise<TrainingJob> {
		return this.#put(await this.#api.recreateJob(this.#projectOf(jobId), jobId));
	}

	async patchSession(
		jobId: string,
		sessionId: string,
		patch: PatchSession,
	): Promise<PatchSessionReply> {
		const reply = await this.#api.patchSession(this.#projectOf(jobId), jobId, sessionId, patch);
		const session = this.#store.jobs.sessions(jobId).find(({ session_id: id }) => id === sessionId);
		if (session) {
			const revealed = revealedSession(session, reply.interactive_session, this.#options.now());
			this.#store.putSession(jobId, revealed);
		}
		this.#watched.get(jobId)?.mirror.wake();
		return reply;
	}

	signSsh(jobId: string, request: SshSignRequest): Promise<SshSignReply> {
		return this.#api.signSsh(this.#projectOf(jobId), jobId, request);
	}

	listSecrets(): Promise<Secret[]> {
		return this.#api.listSecrets();
	}

	deleteSecret(name: string): Promise<void> {
		return this.#api.deleteSecret(name);
	}

	putSecret(name: string, value: string): Promise<void> {
		return this.#api.putSecret(name, value);
	}

	#watchedOf(jobId: string): Watched {
		const known = this.#watched.get(jobId);
		if (known) return known;
		const { store, api, remote, now, log = () => {} } = this.#options;
		const job = store.requireJob(jobId);
		const mirror = new JobMirror({ store, api, job, remote, now, log });
		const watched: Watched = { mirror, viewers: 0, timer: undefined };
		this.#watched.set(jobId, watched);
		return watched;
	}

	#projectOf(jobId: string): string {
		return this.#store.requireJob(jobId).training_project_id;
	}

	/** Stores a job as the API tells it. */
	#put(job: TrainingJob): TrainingJob {
		if (job.training_project) {
			const { created_at: at } = job;
			this.#store.putProject({ ...job.training_project, created_at: at, updated_at: at });
		}
		const known = this.#store.jobs.job(job.id);
		if (known) return isSame(known, job) ? known : this.#store.updateJob(job.id, job);
		this.#store.insertJob(job, createTrainingJobSchema.parse({}), []);
		return job;
	}
}
