import { sniffLevel } from '../../contract/level.ts';
import type { LogLevel } from '../../contract/log.ts';
import type { Store } from '../../store/store.ts';
import { OutputTail } from './output-tail.ts';
import { createStamps } from './timestamps.ts';

export type NodeLogOptions = {
	readonly store: Store;
	readonly jobId: string;
	readonly rank: number;
	/** File that the node's commands write to. */
	readonly path: string;
	readonly mask: (line: string) => string;
	/** Epoch ms. */
	readonly now: () => number;
};

/** Turns what a node's commands print, and what the plane says of the node, into log records. */
export class NodeLog {
	readonly #options: NodeLogOptions;
	readonly #stamp: () => string;
	#tail: OutputTail | undefined;
	#released = false;

	constructor(options: NodeLogOptions) {
		this.#options = options;
		this.#stamp = createStamps(options.now);
	}

	/** Follows the output from where an earlier run has stored it. @throws when it is not there. */
	async follow(): Promise<void> {
		const { store, jobId, rank, path, mask, now } = this.#options;
		const source = `output:${rank}`;
		this.#tail = new OutputTail({
			path,
			offset: Number(store.progress(jobId, source) ?? 0),
			now,
			onLines: (lines, settledOffset) => {
				if (this.#released) return;
				const records = lines.map((line) => this.#record(mask(line), sniffLevel(line)));
				store.append(jobId, records, { source, position: String(settledOffset) });
			},
		});
		await this.#tail.start();
	}

	/** A line of the plane's own about this node. */
	note(message: string, level: LogLevel): void {
		if (this.#released) return;
		const { store, jobId, mask } = this.#options;
		store.append(jobId, [this.#record(`[plane] ${mask(message)}`, level)]);
	}

	/** Resolves when all that was printed so far is stored, an unfinished line too. */
	async settle(): Promise<void> {
		await this.#tail?.settle();
	}

	/** Stores what is left and stops following: nobody will print any more. */
	async finish(): Promise<void> {
		await this.#tail?.settle();
		await this.#tail?.close();
	}

	/** Stops; a later run goes on after the last complete line. Nothing is stored afterwards. */
	async release(): Promise<void> {
		this.#released = true;
		await this.#tail?.close();
	}

	#record(message: string, level: string | null) {
		return {
			timestamp: this.#stamp(),
			message,
			replica: String(this.#options.rank),
			level,
		};
	}
}
