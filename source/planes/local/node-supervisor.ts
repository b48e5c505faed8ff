import { rm } from 'node:fs/promises';
import type { MetricsQuery, NodeMetrics } from '../../contract/metrics.ts';
import type { NodeSession, PatchSession } from '../../contract/session.ts';
import type { CreateTrainingJob } from '../../contract/training-job.ts';
import type { Store } from '../../store/store.ts';
import { copySource } from './copy-source.ts';
import { endProcesses } from './end-processes.ts';
import { nodeEnvironment, nodeMarker, secretValues } from './environment.ts';
import { createMask } from './mask.ts';
import { createNodeDirectory, type NodeDirectory } from './node-directory.ts';
import { NodeLog } from './node-log.ts';
import { NodeMeter } from './node-meter.ts';
import { NodeProcess, outputPath } from './node-process.ts';
import { markedProcesses } from './process-table.ts';
import {
	activate,
	afterCommands,
	close,
	hasExpired,
	type PatchedSession,
	patchSession,
} from './session-rules.ts';
import { sshdProcesses } from './ssh/sshd-sessions.ts';
import { afterTunnelEvent, tunnelOf } from './tunnel/node-tunnel.ts';
import type { Tunnel } from './tunnel/tunnel.ts';
import type { TunnelEvent } from './tunnel/tunnel-output.ts';

export type NodeSupervisorOptions = {
	readonly store: Store;
	readonly jobId: string;
	readonly request: CreateTrainingJob;
	/** The node as the store has it. */
	readonly session: NodeSession;
	readonly directory: NodeDirectory;
	/** The plane's own folder: it is never copied into a node. */
	readonly dataDirectory: string;
	/** Epoch ms. */
	readonly now: () => number;
	/** Ms between SIGTERM and SIGKILL. */
	readonly graceMs: number;
	/** Makes the node ready for ssh, with the environment that its shells get. */
	readonly prepareSsh: (environment: Record<string, string>) => Promise<void>;
	/** Called once when the commands have exited. */
	readonly onExit: (exitCode: number) => void;
	/** Gets what went wrong where nobody waits for it. */
	readonly onFault: (error: unknown) => void;
};

/** One node of a job: its commands, their output, its session and the end of its container. */
export class NodeSupervisor {
	readonly directory: NodeDirectory;
	readonly #options: NodeSupervisorOptions;
	readonly #log: NodeLog;
	readonly #meter: NodeMeter;
	#session: NodeSession;
	#process: NodeProcess | undefined;
	#tunnel: Tunnel | undefined;
	#shutdown: Promise<void> | undefined;
	#released = false;

	constructor(options: NodeSupervisorOptions) {
		const { store, jobId, request, session, directory, now } = options;
		this.#options = options;
		this.directory = directory;
		this.#session = session;
		this.#meter = new NodeMeter(nodeMarker(jobId, session.node));
		this.#log = new NodeLog({
			store,
			jobId,
			rank: session.node,
			path: outputPath(directory),
			mask: createMask(secretValues(request, (name) => store.secrets.value(name))),
			now,
		});
	}

	get session(): NodeSession {
		return this.#session;
	}

	/** Whether the commands have been started and have not exited. */
	get isRunning(): boolean {
		return this.#process !== undefined && this.#session.exit_code === null;
	}

	/**
	 * Makes the node's folders and starts its commands.
	 * @throws when a secret is missing, or a file, sshd or the shell cannot be made.
	 */
	async start(leaderPort: number): Promise<void> {
		const { request, prepareSsh, now } = this.#options;
		const { directory } = this;
		createNodeDirectory(directory);
		const { source_directory: source } = request;
		if (source) await copySource(source, directory.work, this.#options.dataDirectory);
		const environment = this.#environment(leaderPort);
		await prepareSsh(environment);
		const { start_commands: commands } = request.runtime;
		this.#process = await NodeProcess.start(directory, commands, environment);
		const running: NodeSession = {
			...this.#session,
			container: 'running',
			working_directory: directory.work,
		};
		const isActive = running.trigger === 'on_startup';
		this.#put(isActive ? activate(running, now(), 'active from the start') : running);
		await this.#follow();
		this.#tunnel = this.#newTunnel(leaderPort);
		await this.#tunnel?.start();
	}

	/**
	 * Goes on with a node that an earlier run of the plane has started.
	 * @returns false when that run had not come so far
	 */
	async adopt(leaderPort: number): Promise<boolean> {
		const { container, state, exit_code: exitCode, node } = this.#session;
		if (container === 'ended') return true;
		this.#process = await NodeProcess.adopt(this.directory, nodeMarker(this.#options.jobId, node));
		if (!this.#process) return false;
		if (exitCode === null && state !== 'expired') {
			this.#put({ ...this.#session, container: 'running', working_directory: this.directory.work });
			await this.#follow();
			await this.#adoptTunnel(leaderPort);
			return true;
		}
		await this.#log.follow();
		// Anything but a held container was being shut down when the earlier run ended.
		if (container !== 'held' || state !== 'active') this.#shutDownUnattended();
		else await this.#adoptTunnel(leaderPort);
		return true;
	}

	/** Measures what the node uses now, while it has anything running. */
	async sample(): Promise<void> {
		const { container } = this.#session;
		if (container === 'running' || container === 'held')
			await this.#meter.sample(this.#options.now());
	}

	metrics(query: MetricsQuery): NodeMetrics {
		return this.#meter.metrics(query);
	}

	/** Looks at the clock: a session whose time is over takes its container with it. */
	tick(): void {
		if (!hasExpired(this.#session, this.#options.now())) {
			this.#tunnel?.tick();
			return;
		}
		this.#put(close(this.#session, 'expired', 'its time was over'));
		this.#log.note('The session expired: everything in the node is being stopped.', 'WARNING');
		this.#shutDownUnattended();
	}

	/** Someone has connected by ssh: that activates an `on_demand` session. */
	connected(): void {
		if (this.#session.trigger !== 'on_demand') return;
		const active = activate(this.#session, this.#options.now(), 'someone connected by ssh');
		if (active !== this.#session) this.#put(active);
	}

	/** @throws Failure as `patchSession` of the session rules does. */
	patch(patch: PatchSession): PatchedSession {
		const patched = patchSession(this.#session, patch, this.#options.now());
		this.#put(patched.session);
		return patched;
	}

	/** Closes the session for a reason other than its expiry, and ends the container. */
	stop(reason: string): Promise<void> {
		if (this.#session.container === 'ended') return Promise.resolve();
		this.#put(close(this.#session, 'ended', reason));
		return this.shutDown();
	}

	/** Asks only the commands to end; a session that is active keeps the container. */
	endCommands(): void {
		if (!this.isRunning) return;
		this.#log.note('Another node has failed: the commands are being stopped.', 'WARNING');
		this.#process?.signal('SIGTERM');
	}

	/**
	 * Ends the container: SIGTERM to everything in the node (ssh shells too), SIGKILL to what is
	 * left after the grace; afterwards only the checkpoints are left on the disk.
	 */
	shutDown(): Promise<void> {
		this.#shutdown ??= this.#endContainer();
		return this.#shutdown;
	}

	/** Lets go of the node; its processes go on. One that is being shut down is waited for. */
	async release(): Promise<void> {
		await this.#shutdown;
		this.#released = true;
		await this.#tunnel?.close();
		await this.#log.release();
	}

	#shutDownUnattended(): void {
		this.shutDown().catch(this.#options.onFault);
	}

	async #endContainer(): Promise<void> {
		await this.#tunnel?.close();
		const { jobId, graceMs } = this.#options;
		const marker = nodeMarker(jobId, this.#session.node);
		const processes = async (): Promise<number[]> => [
			...(await markedProcesses(marker)),
			...sshdProcesses(this.directory.ssh),
		];
		await endProcesses(processes, graceMs);
		await this.#process?.exited;
		await this.#log.finish();
		const { work, home, ssh } = this.directory;
		for (const path of [work, home, ssh]) await rm(path, { recursive: true, force: true });
		this.#put({ ...this.#session, container: 'ended' });
	}

	#environment(leaderPort: number): Record<string, string> {
		const { request, jobId, store } = this.#options;
		const nodeCount = request.compute.node_count;
		return nodeEnvironment(
			{ jobId, rank: this.#session.node, nodeCount, leaderPort },
			this.directory,
			request,
			(name) => store.secrets.value(name),
		);
	}

	async #adoptTunnel(leaderPort: number): Promise<void> {
		this.#tunnel = this.#newTunnel(leaderPort);
		await this.#tunnel?.adopt();
	}

	/** Undefined for a session by ssh, and where the program for tunnels is missing. */
	#newTunnel(leaderPort: number): Tunnel | undefined {
		const { jobId, now, onFault } = this.#options;
		const tunnel = tunnelOf(this.#session, {
			directory: this.directory,
			marker: nodeMarker(jobId, this.#session.node),
			environment: () => this.#environment(leaderPort),
			now,
			onEvent: (event) => this.#tunnelSaid(event),
			onFault,
		});
		if (tunnel === null || !('missing' in tunnel)) return tunnel ?? undefined;
		const reason = `the local plane has no program "${tunnel.missing}" on its PATH for tunnels`;
		this.#put({ ...this.#session, reason });
		return undefined;
	}

	#tunnelSaid(event: TunnelEvent): void {
		const { session, note } = afterTunnelEvent(this.#session, event, this.#options.now());
		if (session !== this.#session) this.#put(session);
		if (note !== null) this.#log.note(...note);
	}

	async #follow(): Promise<void> {
		await this.#log.follow();
		this.#process?.exited.then((code) => this.#exited(code)).catch(this.#options.onFault);
	}

	async #exited(code: number | null): Promise<void> {
		await this.#log.settle();
		if (this.#released) return;
		const exitCode = code ?? 1;
		this.#log.note(
			code === null
				? 'The commands are gone and have left no exit code.'
				: `The commands exited with ${exitCode}.`,
			exitCode === 0 ? 'INFO' : 'ERROR',
		);
		const settled = afterCommands(this.#session, exitCode, this.#options.now());
		const isEnding = settled.container === 'ended';
		// `ended` is told when it is so: after the shutdown.
		this.#put(isEnding ? { ...settled, container: this.#session.container } : settled);
		this.#options.onExit(exitCode);
		if (isEnding) await this.shutDown();
		else this.#log.note('The active session holds the container until it expires.', 'INFO');
	}

	#put(session: NodeSession): void {
		this.#session = session;
		this.#options.store.putSession(this.#options.jobId, session);
	}
}
