import { TracebackBlock, type TracebackPart } from './traceback-block.ts';

export type { TracebackPart } from './traceback-block.ts';

/** Blocks that are followed at once: processes of one node print theirs between each other. */
const mostBlocks = 16;
const mostNodes = 1024;
const title = 'Traceback (most recent call last)';
const wholeRecord = /Traceback \(most recent call last\)(?::| ─+╮)\n/;

/**
 * Finds Python's tracebacks in the lines of a log, in log order, of each node by itself. A body or
 * end line belongs to the last head of its node. Memory is bounded whatever comes.
 */
export class TracebackTracker {
	/** Of each node that has any: the blocks that may go on, the newest first. */
	readonly #nodes = new Map<number | null, readonly TracebackBlock[]>();

	/**
	 * The place of the next line of a node, `null` for the plane's own.
	 *
	 * @param plainText The line without control sequences. A record that holds a whole traceback,
	 * with line feeds, is a head without more.
	 */
	push(node: number | null, plainText: string): TracebackPart {
		const blocks = this.#nodes.get(node);
		const isHeader = plainText.includes(title);
		if (blocks === undefined && !isHeader) return 'none';
		const line = plainText.trimEnd();
		for (const block of blocks ?? []) {
			const part = block.take(line);
			if (part !== 'none') return part;
		}
		const alive = (blocks ?? []).filter((block) => block.outlives(line, isHeader));
		const opened = isHeader ? TracebackBlock.open(line) : null;
		this.#keep(node, opened === null ? alive : [opened, ...alive].slice(0, mostBlocks));
		return opened !== null || (isHeader && wholeRecord.test(line)) ? 'head' : 'none';
	}

	#keep(node: number | null, blocks: readonly TracebackBlock[]): void {
		this.#nodes.delete(node);
		if (blocks.length === 0) return;
		this.#nodes.set(node, blocks);
		const [oldest] = this.#nodes.keys();
		if (this.#nodes.size > mostNodes && oldest !== undefined) this.#nodes.delete(oldest);
	}
}
