import type { LogRecord } from '../contract/log.ts';
import type { Store } from '../store/store.ts';

/** Ms that one look may take: others of this process, a screen among them, wait meanwhile. */
const lookMs = 8;
/** Characters of messages that one look brings at most: readers hold a few of them at a time. */
const mostCharacters = 1_000_000;
/** Records between two looks at the clock. */
const clockEvery = 64;

/** What to look for, and from where: the cursor itself is looked at too. */
export type LookRequest = {
	readonly jobId: string;
	readonly seq: number;
	readonly direction: 'up' | 'down';
	/** Most records to find, at least 1. */
	readonly limit: number;
	readonly isWanted: (record: LogRecord) => boolean;
};

/** Records in rising order, and the cursors (inclusive) that were looked at to find them. */
export type Look = {
	readonly records: LogRecord[];
	readonly from: number;
	readonly to: number;
};

/**
 * Looks through a log from a cursor on, until enough is found, the log ends, or the time is up.
 * `now`: ms of a steady clock.
 */
export const lookThrough = (
	store: Store,
	{ jobId, seq, direction, limit, isWanted }: LookRequest,
	now: () => number = () => performance.now(),
): Look => {
	const { first, last } = store.logBounds(jobId);
	const start = direction === 'up' ? Math.max(seq, first) : Math.min(seq, last);
	const records: LogRecord[] = [];
	const until = now() + lookMs;
	let seen = 0;
	// Where the look ends unless something ends it before: the end of the log.
	let end = direction === 'up' ? last : first;
	let characters = 0;
	for (const record of store.logsFrom(jobId, start, direction)) {
		if (isWanted(record)) {
			records.push(record);
			characters += record.message.length;
		}
		seen += 1;
		const isLate = seen % clockEvery === 0 && now() >= until;
		if (records.length < limit && characters < mostCharacters && !isLate) continue;
		end = record.seq;
		break;
	}
	if (direction === 'up') return { records, from: seq, to: Math.max(seq - 1, end) };
	return { records: records.reverse(), from: Math.min(seq + 1, end), to: seq };
};
