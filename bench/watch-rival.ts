import { setTimeout as delay } from 'node:timers/promises';
import { type Arrival, LineCounter } from './line-counter.ts';
import { type BenchTerminal, openTerminal } from './terminal.ts';

/** Wide enough that no line is wrapped: a wrapped one could not be told from two. */
const columns = 400;
/** Ms that a line which has not come yet gets after the last one was written. */
const patienceMs = 15_000;

export type Watch = {
	readonly command: string;
	readonly words: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	/** Text that stands in the log already: once it is printed, the program reads. */
	readonly ready: RegExp;
	/** Begins to write the lines; resolves when the last one is written. */
	readonly write: (terminal: BenchTerminal) => Promise<void>;
	readonly total: number;
};

/** Runs a program that prints a log, and tells what became of the lines that were written. */
export const watchRival = async ({
	command,
	words,
	env,
	ready,
	write,
	total,
}: Watch): Promise<Arrival> => {
	const counter = new LineCounter();
	const terminal = openTerminal(command, words, {
		env,
		columns,
		onText: (_, at, piece) => counter.take(piece, at),
	});
	try {
		await terminal.seen(ready);
		await write(terminal);
		const deadline = Date.now() + patienceMs;
		while (!counter.has(total - 1) && Date.now() < deadline) await delay(20);
		// Doubles would come with a later look.
		await delay(3_000);
		return counter.arrival(total);
	} finally {
		await terminal.close();
	}
};
