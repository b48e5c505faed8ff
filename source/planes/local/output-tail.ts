import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LineSplitter } from './line-splitter.ts';

const chunkBytes = 256 * 1024;
/** Some file systems (network, container overlays) tell of no changes: then this finds them. */
const pollMs = 250;

export type OutputTailOptions = {
	readonly path: string;
	/** Byte offset to read from: what an earlier run has settled. */
	readonly offset: number;
	/** Gets the lines in order, and the offset that is settled once they are stored. */
	readonly onLines: (lines: readonly string[], settledOffset: number) => void;
	readonly now?: () => number;
};

/**
 * Follows the output file of a node. Output goes through a file and not a pipe, so that a process
 * outlives its plane without a broken pipe, and nothing written meanwhile is lost.
 */
export class OutputTail {
	readonly #options: OutputTailOptions;
	readonly #now: () => number;
	readonly #splitter = new LineSplitter();
	readonly #buffer = Buffer.allocUnsafe(chunkBytes);
	#file: FileHandle | undefined;
	#watcher: FSWatcher | undefined;
	#poll: NodeJS.Timeout | undefined;
	#readBytes = 0;
	#pumping: Promise<void> | undefined;
	#again = false;
	#closed = false;

	constructor(options: OutputTailOptions) {
		this.#options = options;
		this.#now = options.now ?? Date.now;
	}

	/** Begins to follow. @throws when the file cannot be opened. */
	async start(): Promise<void> {
		this.#file = await open(this.#options.path, 'r');
		this.#watcher = watch(this.#options.path, { persistent: false }, () => this.#wake());
		this.#watcher.on('error', () => this.#watcher?.close());
		this.#poll = setInterval(() => this.#wake(), pollMs);
		this.#poll.unref();
		this.#wake();
	}

	/**
	 * Resolves when everything that is in the file now has been handed on, a last line without its
	 * newline too.
	 */
	async settle(): Promise<void> {
		this.#wake();
		await this.#pumping;
		if (this.#closed) return;
		const rest = this.#splitter.flush();
		if (rest.length > 0) this.#emit(rest);
	}

	/** Stops without handing on the unfinished line: a later run reads it again. */
	async close(): Promise<void> {
		this.#closed = true;
		this.#watcher?.close();
		clearInterval(this.#poll);
		await this.#pumping;
		await this.#file?.close();
		this.#file = undefined;
	}

	#wake(): void {
		this.#again = true;
		this.#pumping ??= this.#pump().finally(() => {
			this.#pumping = undefined;
		});
	}

	async #pump(): Promise<void> {
		while (this.#again && !this.#closed && this.#file) {
			this.#again = false;
			const { bytesRead } = await this.#file.read(
				this.#buffer,
				0,
				chunkBytes,
				this.#options.offset + this.#readBytes,
			);
			const read = this.#buffer.subarray(0, bytesRead);
			const lines = this.#splitter.push(read, this.#now());
			lines.push(...this.#splitter.due(this.#now()));
			if (lines.length > 0) this.#emit(lines);
			if (bytesRead === 0) continue;
			this.#readBytes += bytesRead;
			this.#again = true;
			// A flood must not starve the feeds and the keys of this process.
			await nextTurn();
		}
	}

	#emit(lines: readonly string[]): void {
		this.#options.onLines(lines, this.#options.offset + this.#splitter.settledBytes);
	}
}
