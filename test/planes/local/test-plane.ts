import { onTestFinished } from 'vitest';
import type { NodeSession } from '../../../source/contract/session.ts';
import {
	type CreateTrainingJobInput,
	createTrainingJobSchema,
	type TrainingJob,
} from '../../../source/contract/training-job.ts';
import { LocalPlane, type LocalPlaneOptions } from '../../../source/planes/local/local-plane.ts';
import { Store } from '../../../source/store/store.ts';
import { until } from '../../faults/until.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');

type Options = Partial<Omit<LocalPlaneOptions, 'store' | 'dataDirectory' | 'now'>>;

/** A local plane over a real store, with real processes; its clock moves when told. */
export class TestPlane {
	readonly directory = temporaryDirectory();
	readonly faults: string[] = [];
	readonly #options: Options;
	store: Store;
	plane: LocalPlane;
	nowMs = startMs;

	private constructor(options: Options) {
		this.#options = options;
		this.store = Store.open(this.directory);
		this.plane = this.#newPlane();
	}

	static async open(options: Options = {}): Promise<TestPlane> {
		const test = new TestPlane(options);
		onTestFinished(() => test.#end());
		await test.plane.start();
		return test;
	}

	/** Closes plane and store as the end of a process does, and opens both again. */
	async restart(whileDown: () => unknown = () => {}): Promise<void> {
		await this.plane.close();
		this.store.close();
		await whileDown();
		this.store = Store.open(this.directory);
		this.plane = this.#newPlane();
		await this.plane.start();
	}

	/** Creates a job whose nodes run the given shell commands. */
	async push(commands: string | string[], more: CreateTrainingJobInput = {}): Promise<TrainingJob> {
		const { id } = await this.plane.upsertProject('test');
		const request = createTrainingJobSchema.parse({
			...more,
			runtime: { ...more.runtime, start_commands: [commands].flat() },
		});
		return this.plane.createJob(id, request);
	}

	job(id: string): TrainingJob {
		return this.store.requireJob(id);
	}

	node(jobId: string, rank = 0): NodeSession {
		const session = this.store.jobs.sessions(jobId)[rank];
		if (!session) throw new Error(`there is no node ${rank}`);
		return session;
	}

	/** The lines of a job's log. */
	lines(jobId: string): string[] {
		return this.store.logsAfter(jobId, 0, 100_000).map(({ message }) => message);
	}

	untilStatus(jobId: string, status: string): Promise<void> {
		return until(() => this.job(jobId).current_status === `TRAINING_JOB_${status}`);
	}

	untilContainer(jobId: string, container: string, rank = 0): Promise<void> {
		return until(() => this.node(jobId, rank).container === container);
	}

	untilLine(jobId: string, line: string): Promise<void> {
		return until(() => this.lines(jobId).includes(line));
	}

	advance(minutes: number): void {
		this.nowMs += minutes * 60_000;
	}

	#newPlane(): LocalPlane {
		return new LocalPlane({
			store: this.store,
			dataDirectory: this.directory,
			now: () => this.nowMs,
			graceMs: 2000,
			peerGraceMs: 50,
			tickMs: 20,
			log: (line) => this.faults.push(line),
			...this.#options,
		});
	}

	async #end(): Promise<void> {
		for (const { id } of this.store.jobs.search({})) {
			await this.plane.stopJob(id).catch(() => {});
		}
		await this.plane.close();
		this.store.close();
	}
}
