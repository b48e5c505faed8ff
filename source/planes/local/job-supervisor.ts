import { messageOf } from '../../contract/failure.ts';
import { hasEnded, type JobStatus } from '../../contract/status.ts';
import type { CreateTrainingJob } from '../../contract/training-job.ts';
import type { Store } from '../../store/store.ts';
import { freePort } from './free-port.ts';
import { nodeDirectory } from './node-directory.ts';
import { NodeSupervisor } from './node-supervisor.ts';

export type JobSupervisorOptions = {
	readonly store: Store;
	readonly jobId: string;
	readonly request: CreateTrainingJob;
	readonly dataDirectory: string;
	/** Epoch ms. */
	readonly now: () => number;
	/** Ms between SIGTERM and SIGKILL. */
	readonly graceMs: number;
	/** Ms that nodes have to notice that another one has failed, before they are asked to end. */
	readonly peerGraceMs: number;
	/** Gets what went wrong where nobody waits for it. */
	readonly onFault: (error: unknown) => void;
	readonly prepareSsh: (node: NodeSupervisor, environment: Record<string, string>) => Promise<void>;
};

/** Source of the job's leader port among the store's notes of progress. */
const leaderPortNote = 'leader-port';

/** A job: its nodes, and the status that follows from them. */
export class JobSupervisor {
	readonly #options: JobSupervisorOptions;
	readonly nodes: readonly NodeSupervisor[];
	#starting: Promise<void> | undefined;
	#peerTimer: NodeJS.Timeout | undefined;
	/** Set once the job's verdict has been given by something else than its nodes' exit codes. */
	#stopped = false;

	constructor(options: JobSupervisorOptions) {
		this.#options = options;
		const { store, jobId, request, dataDirectory, now, graceMs } = options;
		this.nodes = store.jobs.sessions(jobId).map((session) => {
			const node: NodeSupervisor = new NodeSupervisor({
				store,
				jobId,
				request,
				session,
				directory: nodeDirectory(dataDirectory, jobId, session.node),
				dataDirectory,
				now,
				graceMs,
				prepareSsh: (environment) => options.prepareSsh(node, environment),
				onExit: () => this.#judge(),
				onFault: options.onFault,
			});
			return node;
		});
	}

	/** Whether no node has anything left to look after. */
	get isOver(): boolean {
		return this.nodes.every(({ session }) => session.container === 'ended');
	}

	/** Starts all nodes, or those that an earlier run did not come to. Never rejects. */
	start(nodes: readonly NodeSupervisor[] = this.nodes): Promise<void> {
		this.#starting = this.#deploy(nodes).catch((error) => this.#failDeployment(error));
		return this.#starting;
	}

	/** Goes on with what an earlier run of the plane has left. */
	async adopt(): Promise<void> {
		const unknown: NodeSupervisor[] = [];
		const port = await this.#leaderPort();
		for (const node of this.nodes) {
			if (!(await node.adopt(port))) unknown.push(node);
		}
		const { current_status: status } = this.#job();
		if (hasEnded(status)) {
			this.#stopped = status === 'TRAINING_JOB_STOPPED' || status === 'TRAINING_JOB_DEPLOY_FAILED';
			if (this.#stopped) await this.#stopNodes('the job was stopped');
			else this.#endPeers();
		} else if (status !== 'TRAINING_JOB_RUNNING') await this.start(unknown);
		else this.#judge();
	}

	tick(): void {
		for (const node of this.nodes) node.tick();
	}

	/** Ends all containers. A verdict that was given before stays. */
	async stop(): Promise<void> {
		this.#stopped = true;
		if (!hasEnded(this.#job().current_status)) this.#update('TRAINING_JOB_STOPPED');
		await this.#starting;
		await this.#stopNodes('the job was stopped');
	}

	/** Lets go of the nodes; their processes go on. */
	async release(): Promise<void> {
		this.#stopped = true;
		clearTimeout(this.#peerTimer);
		await this.#starting;
		await Promise.all(this.nodes.map((node) => node.release()));
	}

	async #deploy(nodes: readonly NodeSupervisor[]): Promise<void> {
		this.#update('TRAINING_JOB_DEPLOYING');
		const port = await this.#leaderPort();
		for (const node of nodes) {
			if (this.#stopped) return;
			await node.start(port);
		}
		if (this.#stopped) return;
		this.#update('TRAINING_JOB_RUNNING');
		// Commands may have exited before the last node was up.
		this.#judge();
	}

	async #failDeployment(error: unknown): Promise<void> {
		if (this.#stopped) return;
		this.#stopped = true;
		this.#update('TRAINING_JOB_DEPLOY_FAILED', messageOf(error));
		await this.#stopNodes('the job could not be started').catch(this.#options.onFault);
	}

	async #stopNodes(reason: string): Promise<void> {
		clearTimeout(this.#peerTimer);
		await Promise.all(this.nodes.map((node) => node.stop(reason)));
	}

	/** Looks at the nodes' exit codes: the first failure fails the job, the last success ends it. */
	#judge(): void {
		if (this.#stopped || this.#job().current_status !== 'TRAINING_JOB_RUNNING') return;
		const sessions = this.nodes.map(({ session }) => session);
		const failed = sessions.find(({ exit_code: code }) => code !== null && code !== 0);
		if (failed) {
			const why =
				failed.state === 'expired'
					? `the session of node ${failed.node} expired while its commands ran`
					: `node ${failed.node} exited with code ${failed.exit_code}`;
			this.#update('TRAINING_JOB_FAILED', why);
			this.#endPeers();
		} else if (sessions.every(({ exit_code: code }) => code === 0)) {
			this.#update('TRAINING_JOB_COMPLETED');
		}
	}

	/** A node that has lost a peer would wait for it for ever. */
	#endPeers(): void {
		if (!this.nodes.some((node) => node.isRunning)) return;
		this.#peerTimer = setTimeout(() => {
			for (const node of this.nodes) node.endCommands();
		}, this.#options.peerGraceMs);
	}

	/** The same for all nodes, also when some of them are started by a later run of the plane. */
	async #leaderPort(): Promise<number> {
		const { store, jobId } = this.#options;
		const noted = store.progress(jobId, leaderPortNote);
		if (noted !== undefined) return Number(noted);
		const port = await freePort();
		store.setProgress(jobId, { source: leaderPortNote, position: String(port) });
		return port;
	}

	#job() {
		return this.#options.store.requireJob(this.#options.jobId);
	}

	#update(status: JobStatus, errorMessage: string | null = null): void {
		const { store, jobId, now } = this.#options;
		store.updateJob(jobId, {
			current_status: status,
			error_message: errorMessage,
			updated_at: new Date(now()).toISOString(),
		});
	}
}
