import { cpSync, existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeSession, PatchSession } from '../../contract/session.ts';
import type { CreateTrainingJob } from '../../contract/training-job.ts';
import type { Store } from '../../store/store.ts';
import { nodeEnvironment, nodeMarker, secretValues } from './environment.ts';
import { sniffLevel } from './level.ts';
import { createMask } from './mask.ts';
import { createNodeDirectory, type NodeDirectory } from './node-directory.ts';
import { NodeProcess, outputPath } from './node-process.ts';
import { OutputTail } from './output-tail.ts';
import { markedProcesses, signalProcess } from './process-table.ts';
import { activate, afterCommands, close, hasExpired, patchSession } from './session-rules.ts';
import { nanosecondStamps } from './timestamps.ts';

/** Ms between SIGTERM and SIGKILL for everything in a node. */
export const shutdownGraceMs = 10_000;
/** Ms between two looks for survivors meanwhile. */
const shutdownPollMs = 100;

export type NodeSupervisorOptions = {
	readonly store: Store;
	readonly jobId: string;
	readonly rank: number;
	readonly request: CreateTrainingJob;
	readonly directory: NodeDirectory;
	readonly leaderPort: number;
	readonly now: () => number;
	readonly graceMs: number;
	/** Prepares the node for ssh, with the environment that its shells get; absent without sshd. */
	readonly prepareSsh?: ((environment: Record<string, string>) => Promise<void>) | undefined;
	/** Ids of the sshd processes that serve this node. */
	readonly sshProcesses?: (() => readonly number[]) | undefined;
	/** Called once when the commands have exited. */
	readonly onExit: (exitCode: number) => void;
};

/** One node of a job: its commands, their output, its session and the end of its container. */
export class NodeSupervisor {
	readonly #options: NodeSupervisorOptions;
	readonly #mask: (line: string) => string;
	#process: NodeProcess | undefined;
	#tail: OutputTail | undefined;
	#shutdown: Promise<void> | undefined;
	#closed = false;

	constructor(options: NodeSupervisorOptions) {
		this.#options = options;
		const { request, store } = options;
		this.#mask = createMask(secretValues(request, (name) => store.secrets.value(name)));
	}

	get rank(): number {
		return this.#options.rank;
	}

	/** The node as the store has it now. */
	get session(): NodeSession {
		const { store, jobId, rank } = this.#options;
		const found = store.jobs.sessions(jobId).find((session) => session.node === rank);
		if (!found) throw new Error(`Node ${rank} of job ${jobId} is not in the store`);
		return found;
	}

	/**
	 * Makes the node's folders and starts its commands.
	 * @throws when a file or the shell cannot be made.
	 */
	async start(): Promise<void> {
		const { directory, request, jobId, rank, leaderPort, store, prepareSsh } = this.#options;
		createNodeDirectory(directory);
		copySource(request.source_directory, directory);
		const environment = nodeEnvironment(
			{ jobId, rank, nodeCount: request.compute.node_count, leaderPort },
			directory,
			request,
			(name) => store.secrets.value(name),
		);
		await prepareSsh?.(environment);
		this.#process = await NodeProcess.start(directory, request.runtime.start_commands, environment);
		const running: NodeSession = {
			...this.session,
			container: 'running',
			working_directory: directory.work,
		};
		const { now } = this.#options;
		this.#put(
			running.trigger === 'on_startup'
				? activate(running, now(), 'active from the start')
				: running,
		);
		await this.#follow();
	}

	/** Goes on with a node that an earlier run of the plane has started; false when it had not. */
	async adopt(): Promise<boolean> {
		const { directory, jobId, rank } = this.#options;
		if (this.session.container === 'ended') return true;
		this.#process = await NodeProcess.adopt(directory, nodeMarker(jobId, rank));
		if (!this.#process) return false;
		if (this.session.container === 'held') await this.#tailOutput();
		else await this.#follow();
		return true;
	}

	/** Looks at the clock: a session whose time is over takes its container with it. */
	tick(): void {
		if (!hasExpired(this.session, this.#options.now())) return;
		this.#put(close(this.session, 'expired', 'its time was over'));
		this.#note('The session expired: everything in the node is being stopped.', 'WARNING');
		void this.shutDown();
	}

	/** Someone has connected by ssh: that activates an `on_demand` session. */
	connected(): void {
		const { session } = this;
		if (session.trigger !== 'on_demand') return;
		const active = activate(session, this.#options.now(), 'someone connected by ssh');
		if (active !== session) this.#put(active);
	}

	/** @throws Failure as `patchSession` of the session rules does. */
	patch(patch: PatchSession): { session: NodeSession; message: string } {
		const patched = patchSession(this.session, patch, this.#options.now());
		this.#put(patched.session);
		return patched;
	}

	/** Closes the session for a reason other than its expiry and ends the container. */
	async stop(reason: string): Promise<void> {
		this.#put(close(this.session, 'ended', reason));
		await this.shutDown();
	}

	/** Asks only the commands to end; a session that is active keeps the container. */
	endCommands(): void {
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

	/** Lets go of the node; its processes go on. */
	async release(): Promise<void> {
		this.#closed = true;
		await this.#tail?.close();
	}

	async #endContainer(): Promise<void> {
		await this.#killAll();
		await this.#process?.exited;
		await this.#tail?.finish();
		if (this.#closed) return;
		const { work, home, ssh } = this.#options.directory;
		for (const path of [work, home, ssh]) rmSync(path, { recursive: true, force: true });
		this.#put({ ...this.session, container: 'ended' });
	}

	async #killAll(): Promise<void> {
		const { graceMs } = this.#options;
		let signal: NodeJS.Signals = 'SIGTERM';
		let deadline = performance.now() + graceMs;
		for (let round = 0; ; round += 1) {
			const alive = await this.#processes();
			if (alive.length === 0) return;
			if (performance.now() > deadline) {
				signal = 'SIGKILL';
				deadline = Number.POSITIVE_INFINITY;
				round = 0;
			}
			// SIGTERM once; SIGKILL again and again, since a dying tree may still fork.
			if (round === 0 || signal === 'SIGKILL') for (const pid of alive) signalProcess(pid, signal);
			await delay(shutdownPollMs);
		}
	}

	async #processes(): Promise<number[]> {
		const { jobId, rank, sshProcesses } = this.#options;
		const marked = await markedProcesses(nodeMarker(jobId, rank));
		const ssh = (sshProcesses?.() ?? []).filter((pid) => signalProcess(pid, 0));
		return [...new Set([...marked, ...ssh])];
	}

	async #follow(): Promise<void> {
		await this.#tailOutput();
		void this.#process?.exited.then((code) => this.#exited(code));
	}

	async #exited(code: number | null): Promise<void> {
		await this.#tail?.drain();
		if (this.#closed) return;
		const exitCode = code ?? 1;
		this.#note(
			code === null
				? 'The commands were gone without an exit code when the plane looked for them.'
				: `The commands exited with ${exitCode}.`,
			exitCode === 0 ? 'INFO' : 'ERROR',
		);
		const settled = afterCommands(this.session, exitCode, this.#options.now());
		// `ended` is told when it is so: after the shutdown.
		const ending = settled.container === 'ended';
		this.#put(ending ? { ...settled, container: this.session.container } : settled);
		this.#options.onExit(exitCode);
		if (ending) await this.shutDown();
		else this.#note('The active session holds the container until it expires.', 'INFO');
	}

	async #tailOutput(): Promise<void> {
		const { store, jobId, rank, directory } = this.#options;
		const source = `output:${rank}`;
		this.#tail = new OutputTail({
			path: outputPath(directory),
			offset: Number(store.progress(jobId, source) ?? 0),
			onLines: (lines, settledOffset) => {
				if (this.#closed) return;
				const stamps = nanosecondStamps(lines.length);
				const records = lines.map((line, index) => ({
					timestamp: stamps(index),
					message: this.#mask(line),
					replica: String(rank),
					level: sniffLevel(line),
				}));
				store.append(jobId, records, { source, position: String(settledOffset) });
			},
		});
		await this.#tail.start();
	}

	#note(message: string, level: string): void {
		const { store, jobId, rank } = this.#options;
		const timestamp = nanosecondStamps(1)(0);
		store.append(jobId, [
			{ timestamp, message: `[plane] ${message}`, replica: String(rank), level },
		]);
	}

	#put(session: NodeSession): void {
		this.#options.store.putSession(this.#options.jobId, session);
	}
}

/** Each node starts with its own copy of the job's files, as from an uploaded archive. */
const copySource = (source: string | null | undefined, directory: NodeDirectory): void => {
	if (!source || !existsSync(source)) return;
	cpSync(source, directory.work, {
		recursive: true,
		filter: (path) => basename(path) !== '.git',
	});
};
