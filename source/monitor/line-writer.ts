import { sniffLevel } from '../contract/level.ts';
import { withoutStyles } from '../contract/line-filter.ts';
import type { LogRecord } from '../contract/log.ts';
import { cleanLogText } from '../contract/log-text.ts';
import { isRedraw } from '../contract/redraw.ts';
import { nodeOfReplica } from '../contract/session.ts';
import { type LogChunk, lineMarks } from './log-chunk.ts';
import { type TracebackPart, TracebackTracker } from './traceback.ts';

const tracebackMarks: Readonly<Record<TracebackPart, number>> = {
	none: 0,
	head: lineMarks.tracebackHead,
	body: lineMarks.tracebackBody,
	end: 0,
};

/** Levels by number: a handful of words, which lines need not hold one by one. */
export class LevelNames {
	readonly #names: (string | null)[] = [null];

	/** The number of a level; past 255 of them a line goes without. */
	number(name: string | null): number {
		const known = this.#names.indexOf(name);
		if (known !== -1) return known;
		return this.#names.length > 255 ? 0 : this.#names.push(name) - 1;
	}

	name(number: number): string | null {
		return this.#names[number] ?? null;
	}
}

/** Names of replicas that are remembered: whoever writes them may make up any number. */
const mostReplicas = 1024;

/**
 * Writes records into chunks, in the order of the log: cleans their text, and finds out what they
 * are to the lines before them.
 */
export class LineWriter {
	readonly #levels: LevelNames;
	readonly #tracebacks = new TracebackTracker();
	readonly #nodes = new Map<string, number>();
	/** By node, -1 for none: the progress bar that its next record takes the place of. */
	readonly #bars = new Map<number, { readonly chunk: LogChunk; readonly index: number }>();

	constructor(levels: LevelNames) {
		this.#levels = levels;
	}

	/** Rank of a replica, -1 for none. Remembered: a log has few of them, and many lines. */
	#nodeOf(replica: string | null): number {
		if (replica === null) return -1;
		const known = this.#nodes.get(replica);
		if (known !== undefined) return known;
		const node = nodeOfReplica(replica) ?? -1;
		if (this.#nodes.size < mostReplicas) this.#nodes.set(replica, node);
		return node;
	}

	write(chunk: LogChunk, { seq, timestamp, message, replica, level }: LogRecord): void {
		const time = timestamp === '' ? Number.NaN : Number(timestamp) / 1e6;
		const node = this.#nodeOf(replica);
		const text = cleanLogText(message);
		const plain = withoutStyles(text);
		const bar = this.#bars.get(node);
		if (bar !== undefined) {
			bar.chunk.supersede(bar.index);
			this.#bars.delete(node);
		}
		if (isRedraw(message)) this.#bars.set(node, { chunk, index: chunk.lines });
		const number = this.#levels.number(level ?? sniffLevel(plain));
		const marks = tracebackMarks[this.#tracebacks.push(node, plain)];
		chunk.push({ seq, time, node, level: number, marks, text, plain });
	}
}
