import type { ServerResponse } from 'node:http';
import type { Snapshot } from '../contract/feeds.ts';
import type { ServerContext } from './context.ts';
import { EventStream } from './event-stream.ts';

/** The job and all its nodes as they stand. */
export const snapshotOf = ({ store, plane, clock }: ServerContext, jobId: string): Snapshot => ({
	job: store.requireJob(jobId),
	sessions: store.jobs.sessions(jobId),
	server_time: new Date(clock()).toISOString(),
	plane: plane.name,
	log: store.logBounds(jobId),
	log_settled: plane.isLogSettled(jobId),
	queue: plane.queueOf(jobId),
});

/**
 * Sends a snapshot at the start and after each turn of the loop in which the job or its sessions
 * have changed. A slow reader skips what was overtaken meanwhile and gets the newest.
 */
export class SessionFeed {
	readonly #context: ServerContext;
	readonly #jobId: string;
	readonly #stream: EventStream;
	readonly #unsubscribe: () => void;
	#sentVersion: number | undefined;
	#turn: NodeJS.Immediate | undefined;

	constructor(context: ServerContext, jobId: string, response: ServerResponse) {
		this.#context = context;
		this.#jobId = jobId;
		this.#unsubscribe = context.store.changes.on('state', jobId, () => {
			this.#turn ??= setImmediate(() => {
				this.#turn = undefined;
				this.#send();
			});
		});
		this.#stream = new EventStream(
			response,
			() => this.#send(),
			() => this.#close(),
		);
		this.#send();
	}

	#send(): void {
		if (!this.#stream.ready) return;
		const version = this.#context.store.jobs.version(this.#jobId);
		if (version === this.#sentVersion) return;
		this.#sentVersion = version;
		const data = snapshotOf(this.#context, this.#jobId);
		this.#stream.send({ event: 'snapshot', id: version, data });
	}

	#close(): void {
		this.#unsubscribe();
		clearImmediate(this.#turn);
	}
}
