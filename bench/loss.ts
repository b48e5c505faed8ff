import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../source/api/rest-client.ts';
import { logPageLimit } from '../source/contract/log.ts';
import type { BenchTerminal } from './terminal.ts';

/** A numbered line with the time at which it was written, as all loads print it. */
export const numberedLine = /L(\d+) (\d{13})/g;

export type Loss = {
	readonly lost: number;
	readonly doubled: number;
	/** Ms since the epoch at which each line was written, by its number. */
	readonly written: ReadonlyMap<number, number>;
	/** What the footer of the screen says, and all records of the log, other lines among them. */
	readonly shown: number;
	readonly stored: number;
};

/** What became of the lines 0 to `total` - 1 in a list of what arrived. */
export const lossOf = (
	numbers: readonly number[],
	total: number,
): Pick<Loss, 'lost' | 'doubled'> => {
	const distinct = new Set(numbers.filter((number) => number < total)).size;
	return { lost: total - distinct, doubled: numbers.length - distinct };
};

/**
 * Ms from writing to the screen, line by line. A screen that is full in one frame does not show
 * each line; one that it passed over was there when the first later one was.
 * @param seen ms since the epoch at which a line was first seen
 */
export const lagsOf = (
	written: ReadonlyMap<number, number>,
	seen: ReadonlyMap<number, number>,
): number[] => {
	const lags: number[] = [];
	let first = Number.POSITIVE_INFINITY;
	for (const [number, at] of [...written].toSorted(([a], [b]) => b - a)) {
		first = Math.min(first, seen.get(number) ?? first);
		if (Number.isFinite(first)) lags.push(first - at);
	}
	return lags;
};

/** Reads the whole log behind a screen, and compares it with the lines that the screen counts. */
export const readLoss = async (
	{ api, project, job }: { api: Api; project: string; job: string },
	terminal: BenchTerminal,
	total: number,
): Promise<Loss> => {
	// What is behind the last line must have its time.
	await delay(1_000);
	const numbers: number[] = [];
	const written = new Map<number, number>();
	let stored = 0;
	for (let after = 0; ; ) {
		const { records, last } = await api.logsPage(project, job, { after, limit: logPageLimit });
		stored += records.length;
		for (const { message } of records) {
			for (const [, number, at] of message.matchAll(numberedLine)) {
				numbers.push(Number(number));
				written.set(Number(number), Number(at));
			}
		}
		const end = records.at(-1)?.seq;
		if (end === undefined || end >= last) break;
		after = end;
	}
	const footer = await terminal.shown(/· [\d ]+ lines/);
	return {
		...lossOf(numbers, total),
		written,
		shown: Number(footer.replaceAll(/\D/g, '')),
		stored,
	};
};
