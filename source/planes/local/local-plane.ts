import { Failure, messageOf } from '../../contract/failure.ts';
import { type Listen, loopbackListen } from '../../contract/listen.ts';
import {
	type MetricsQuery,
	type MetricsReply,
	metricsReplySchema,
} from '../../contract/metrics.ts';
import type { Secret } from '../../contract/secret.ts';
import {
	type InteractiveSession,
	type NodeSession,
	nodeOfReplica,
	type PatchSession,
	type PatchSessionReply,
} from '../../contract/session.ts';
import type { SshSignReply, SshSignRequest } from '../../contract/ssh.ts';
import { hasEnded, statusLabel } from '../../contract/status.ts';
import type {
	CreateTrainingJob,
	TrainingJob,
	TrainingProject,
} from '../../contract/training-job.ts';
import type { Store } from '../../store/store.ts';
import type { ControlPlane } from '../control-plane.ts';
import { shutdownGraceMs } from './end-processes.ts';
import { requireSecrets } from './environment.ts';
import { JobSupervisor } from './job-supervisor.ts';
import { newJob, requireSource } from './new-job.ts';
import { newSession } from './new-session.ts';
import { sshRefusal } from './node-access.ts';
import type { NodeSupervisor } from './node-supervisor.ts';
import { randomId } from './random-id.ts';
import type { NodeReference } from './ssh/node-reference.ts';
import { SshGateway } from './ssh-gateway.ts';

export type LocalPlaneOptions = {
	readonly store: Store;
	/** Where jobs' folders and the plane's keys lie. The caller holds its lock. */
	readonly dataDirectory: string;
	/** Epoch ms. */
	readonly now?: () => number;
	/** Ms between SIGTERM and SIGKILL for everything in a node. */
	readonly graceMs?: number;
	/** Ms that nodes have to notice that another one has failed, before they are asked to end. */
	readonly peerGraceMs?: number;
	/** Ms between two looks at the expiries. */
	readonly tickMs?: number;
	/** Where the SSH proxy listens, on loopback unless told. */
	readonly listen?: Listen;
	/** Ms between two measurements of what nodes use. */
	readonly sampleMs?: number;
	/** Absolute path of sshd; looked for unless told. Null: there is none. */
	readonly sshd?: string | null;
	/** Gets a line for each connection that was refused, and for faults of the plane. */
	readonly log?: (line: string) => void;
};

/** Runs jobs as process groups of this machine: a cluster of one computer. */
export class LocalPlane implements ControlPlane {
	readonly name = 'local';
	readonly isMirror = false;
	readonly #options: LocalPlaneOptions;
	readonly #store: Store;
	readonly #now: () => number;
	readonly #jobs = new Map<string, JobSupervisor>();
	#ssh: SshGateway | undefined;
	#sshFailure: Failure | undefined;
	#timer: NodeJS.Timeout | undefined;
	#sampleTimer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(options: LocalPlaneOptions) {
		this.#options = options;
		this.#store = options.store;
		this.#now = options.now ?? Date.now;
	}

	/** `host:port` of the SSH proxy, null when nodes can not be entered. */
	get sshProxy(): string | null {
		return this.#ssh?.address ?? null;
	}

	/** Why nodes can not be entered, null when they can. */
	get sshRefusal(): string | null {
		return this.#sshFailure?.message ?? null;
	}

	/** Opens the way in by ssh, where sshd is installed, and adopts the jobs of an earlier run. */
	async start(): Promise<void> {
		const { dataDirectory, sshd, log, tickMs = 250 } = this.#options;
		try {
			this.#ssh = await SshGateway.open({
				listen: this.#options.listen ?? loopbackListen,
				dataDirectory,
				now: this.#now,
				sshd,
				enter: (node) => this.#enter(node).directory,
				connected: (node) => this.#enter(node).connected(),
				refused: (reason, node) =>
					log?.(`ssh${node ? ` to ${node.job} node ${node.node}` : ''} refused: ${reason}`),
			});
		} catch (error) {
			this.#sshFailure =
				error instanceof Failure
					? error
					: new Failure('failed', messageOf(error), { cause: error });
		}
		for (const job of this.#store.jobs.search({})) {
			const sessions = this.#store.jobs.sessions(job.id);
			if (sessions.every(({ container }) => container === 'ended')) continue;
			await this.#supervise(job.id)
				.adopt()
				.catch((error) => this.#fault(`job ${job.id} could not be taken over`, error));
		}
		this.#timer = setInterval(() => this.#tick(), tickMs);
		void this.#sample();
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#closed = true;
		clearTimeout(this.#sampleTimer);
		await this.#ssh?.close();
		await Promise.all([...this.#jobs.values()].map((job) => job.release()));
		this.#jobs.clear();
	}

	async metrics(jobId: string, query: MetricsQuery): Promise<MetricsReply> {
		const nodes = this.#jobs.get(jobId)?.nodes ?? [];
		const per_node_metrics = nodes.map((node) => ({
			node_id: node.session.replica_id,
			metrics: node.metrics(query),
		}));
		const leader = per_node_metrics[0]?.metrics ?? metricsReplySchema.parse({});
		return { ...leader, per_node_metrics };
	}

	queueOf(): null {
		return null;
	}

	/** The store is always up to date: this plane alone writes it, as things happen. */
	async refreshJobs(): Promise<void> {}
	async refreshJob(): Promise<void> {}
	async refreshLog(): Promise<void> {}
	async readWholeLog(): Promise<void> {}
	isLogSettled(): boolean {
		return true;
	}
	watch(): () => void {
		return () => {};
	}

	async upsertProject(name: string): Promise<TrainingProject> {
		const at = this.#timestamp();
		this.#store.putProject({ id: randomId(), name, created_at: at, updated_at: at });
		return this.#project(name);
	}

	async createJob(projectId: string, request: CreateTrainingJob): Promise<TrainingJob> {
		const project = this.#project(projectId);
		requireSecrets(request, (name) => this.#store.secrets.value(name));
		await requireSource(request);
		const job = newJob(project, request, this.#timestamp());
		const ranks = Array.from({ length: request.compute.node_count }, (_, rank) => rank);
		this.#store.insertJob(
			job,
			request,
			ranks.map((rank) => newSession(job.id, rank, request)),
		);
		void this.#supervise(job.id).start();
		return job;
	}

	async stopJob(jobId: string): Promise<TrainingJob> {
		const job = this.#store.requireJob(jobId);
		const supervisor = this.#jobs.get(jobId);
		if (!supervisor || (hasEnded(job.current_status) && supervisor.isOver)) {
			throw new Failure(
				'conflict',
				`Job ${jobId} has already ended (${statusLabel(job.current_status)}).`,
			);
		}
		supervisor.stop().catch((error) => this.#fault(`job ${jobId} could not be stopped`, error));
		return this.#store.requireJob(jobId);
	}

	async recreateJob(jobId: string): Promise<TrainingJob> {
		const { training_project_id: projectId } = this.#store.requireJob(jobId);
		const request = this.#store.jobs.request(jobId);
		if (!request) throw new Failure('not_found', `No training job found with ID: ${jobId}`);
		return this.createJob(projectId, request);
	}

	async patchSession(
		jobId: string,
		sessionId: string,
		patch: PatchSession,
	): Promise<PatchSessionReply> {
		this.#store.requireJob(jobId);
		const isAsked = ({ session_id: id }: { session_id: string | null }) => id === sessionId;
		const node = this.#jobs.get(jobId)?.nodes.find(({ session }) => isAsked(session));
		if (!node) {
			const past = this.#store.jobs.sessions(jobId).find(isAsked);
			throw past
				? new Failure(
						'conflict',
						`The session of node ${past.node} has ${past.state}: it cannot be changed any more.`,
					)
				: new Failure('not_found', `No session ${sessionId} in job ${jobId}.`);
		}
		const { session, message } = node.patch(patch);
		return { interactive_session: interactiveSession(sessionId, session), message };
	}

	async signSsh(jobId: string, request: SshSignRequest): Promise<SshSignReply> {
		this.#store.requireJob(jobId);
		const node = nodeOfReplica(request.replica_id ?? '');
		if (node === null) {
			throw new Failure('invalid', 'replica_id: must be the number of a node, e.g. "0"');
		}
		this.#enter({ job: jobId, node });
		if (!this.#ssh) throw this.#sshFailure ?? new Failure('failed', 'The plane is closed.');
		return this.#ssh.sign({ jobId, node, publicKey: request.public_key });
	}

	async listSecrets(): Promise<Secret[]> {
		return this.#store.secrets.list();
	}

	async deleteSecret(name: string): Promise<void> {
		if (this.#store.secrets.delete(name)) return;
		throw new Failure('not_found', `No secret found with name: ${name}`);
	}

	async putSecret(name: string, value: string): Promise<void> {
		this.#store.secrets.put(name, value, this.#timestamp());
	}

	/** The node, when it can be entered now. @throws Failure that says why not. */
	#enter({ job, node }: NodeReference): NodeSupervisor {
		const found = this.#jobs.get(job)?.nodes[node];
		if (!found) {
			const past = this.#store.jobs.sessions(job)[node];
			if (!past) throw new Failure('not_found', `Job ${job} has no node ${node}.`);
			throw new Failure('conflict', sshRefusal(past) ?? `Node ${node} is gone.`);
		}
		const refusal = sshRefusal(found.session);
		if (refusal !== null) throw new Failure('conflict', refusal);
		return found;
	}

	#supervise(jobId: string): JobSupervisor {
		const request = this.#store.jobs.request(jobId);
		if (!request) throw new Failure('not_found', `No training job found with ID: ${jobId}`);
		const { dataDirectory, graceMs = shutdownGraceMs, peerGraceMs = 10_000 } = this.#options;
		const supervisor = new JobSupervisor({
			store: this.#store,
			jobId,
			request,
			dataDirectory,
			now: this.#now,
			graceMs,
			peerGraceMs,
			onFault: (error) => this.#fault(`job ${jobId}`, error),
			prepareSsh: async ({ directory, session }, environment) => {
				if (session.provider !== 'ssh') return;
				await this.#ssh?.prepare({ job: jobId, node: session.node }, directory, environment);
			},
		});
		this.#jobs.set(jobId, supervisor);
		return supervisor;
	}

	#fault(what: string, error: unknown): void {
		this.#options.log?.(`${what}: ${messageOf(error)}`);
	}

	/** Measures node by node, and pauses in between: each look reads all processes of the machine. */
	async #sample(): Promise<void> {
		for (const job of [...this.#jobs.values()]) {
			for (const node of job.nodes) {
				await node.sample().catch((error) => this.#fault('what nodes use was not measured', error));
			}
		}
		if (this.#closed) return;
		this.#sampleTimer = setTimeout(() => void this.#sample(), this.#options.sampleMs ?? 5_000);
		this.#sampleTimer.unref();
	}

	#tick(): void {
		for (const [id, job] of this.#jobs) {
			job.tick();
			if (job.isOver && hasEnded(this.#store.requireJob(id).current_status)) this.#jobs.delete(id);
		}
	}

	/** @throws Failure `not_found` */
	#project(idOrName: string): TrainingProject {
		const project = this.#store.jobs.project(idOrName);
		if (!project) {
			throw new Failure('not_found', `No training project found with ID: ${idOrName}`);
		}
		return project;
	}

	#timestamp(): string {
		return new Date(this.#now()).toISOString();
	}
}

/** A session in the shape of the API's reply to a PATCH. */
const interactiveSession = (id: string, session: NodeSession): InteractiveSession => ({
	id,
	trigger: session.trigger,
	timeout_minutes: session.timeout_minutes,
	session_provider: session.provider,
	auth_provider: session.auth_provider,
	pod_name: String(session.node),
	expires_at: session.expires_at,
	tunnel_name: session.tunnel_name,
	auth_code: session.auth_code,
	auth_url: session.auth_url,
	auth_code_generated_at: session.generated_at,
	authenticated_at: session.authenticated_at,
	working_directory: session.working_directory,
});
