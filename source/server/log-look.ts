import {
	compileFilter,
	isEveryLine,
	type LineFilter,
	withoutStyles,
} from '../contract/line-filter.ts';
import type { LogRecord } from '../contract/log.ts';
import { cleanLogText } from '../contract/log-text.ts';
import { Pattern, pieceCharacters } from '../contract/pattern.ts';
import type { LogMessage } from '../store/log-store.ts';
import type { Store } from '../store/store.ts';

/** Ms that one look may take: others of this process, a screen among them, wait meanwhile. */
const lookMs = 8;
/** Messages that are read at once: some tenths of a ms. */
const blockLines = 512;
/** Characters of messages that one look brings at most: readers hold a few of them at a time. */
const mostCharacters = 1_000_000;

/** What to look for, and from where: the cursor itself is looked at too. */
export type LookRequest = {
	readonly jobId: string;
	readonly seq: number;
	readonly direction: 'up' | 'down';
	/** Most lines to find, at least 1. */
	readonly limit: number;
	readonly filter: LineFilter;
};

/** What was found, in rising order, and the cursors (inclusive) that were looked at for it. */
export type Found<Item> = { readonly items: Item[]; readonly from: number; readonly to: number };

/**
 * Looks through a log from a cursor on, until enough is found, the log ends, or the time is up.
 * Patterns are searched for in many lines at once; what else a filter asks is looked at in those
 * that have them.
 * @param now ms of a steady clock
 * @throws Failure `invalid` when a pattern of the filter is none
 */
export const lookThrough = (
	store: Store,
	{ jobId, seq, direction, limit, filter }: LookRequest,
	now: () => number = () => performance.now(),
): Found<number> => {
	const { first, last } = store.logBounds(jobId);
	const include = filter.include.map((pattern) => new Pattern(pattern));
	const rest = { ...filter, include: [] };
	const passes = compileFilter(rest);
	const columns = isEveryLine(rest) ? 'message' : 'all';
	const isWanted = ({ message, replica = null, level = null }: LogMessage): boolean =>
		columns === 'message' || passes({ message, replica, level });
	const until = now() + lookMs;
	const seqs: number[] = [];
	let characters = 0;
	const look = (from: number): number | null => {
		const block = store.logMessages(jobId, from, { direction, columns, limit: blockLines });
		for (const index of linesWith(block, include)) {
			const line = block[index];
			if (line === undefined || !isWanted(line)) continue;
			seqs.push(line.seq);
			characters += line.message.length;
			if (seqs.length >= limit || characters >= mostCharacters) return line.seq;
		}
		return block.length < blockLines ? null : (block.at(-1)?.seq ?? null);
	};
	const step = direction === 'up' ? 1 : -1;
	let end = look(seq);
	const isEnough = (): boolean => seqs.length >= limit || characters >= mostCharacters;
	while (end !== null && !isEnough() && now() < until) end = look(end + step);
	// Without an end the log itself has ended.
	if (direction === 'up') return { items: seqs, from: seq, to: Math.max(seq - 1, end ?? last) };
	return { items: seqs.reverse(), from: Math.min(seq + 1, end ?? first), to: seq };
};

/** The records that a look finds. Without a filter they are read as they stand. */
export const recordsThrough = (store: Store, request: LookRequest): Found<LogRecord> => {
	if (isEveryLine(request.filter)) return nextRecords(store, request);
	const { items, from, to } = lookThrough(store, request);
	return { items: items.flatMap((seq) => store.logRecord(request.jobId, seq) ?? []), from, to };
};

const nextRecords = (
	store: Store,
	{ jobId, seq, direction, limit }: LookRequest,
): Found<LogRecord> => {
	const { first, last } = store.logBounds(jobId);
	const isUp = direction === 'up';
	const records = isUp
		? store.logsAfter(jobId, seq - 1, limit)
		: store.logsBefore(jobId, seq + 1, limit);
	let isWhole = records.length < limit;
	let characters = 0;
	const nearest = isUp ? records : records.toReversed();
	const count = nearest.findIndex(({ message }) => {
		characters += message.length;
		return characters >= mostCharacters;
	});
	if (count !== -1 && count + 1 < records.length) {
		isWhole = false;
		if (isUp) records.length = count + 1;
		else records.splice(0, records.length - count - 1);
	}
	const end = isUp ? records.at(-1)?.seq : records[0]?.seq;
	if (isUp)
		return { items: records, from: seq, to: Math.max(seq - 1, isWhole ? last : (end ?? 0)) };
	return { items: records, from: Math.min(seq + 1, isWhole ? first : (end ?? 0)), to: seq };
};

/** Indices of the messages that have all patterns, in their order. */
const linesWith = (block: readonly LogMessage[], patterns: readonly Pattern[]): number[] => {
	const all = Array.from(block, (_, index) => index);
	if (patterns.length === 0) return all;
	const texts = block.map(({ message }) => withoutStyles(cleanLogText(message)));
	return patterns.reduce((indices, pattern) => linesOf(texts, indices, pattern), all);
};

/** Those of some texts that have a pattern, searched in pieces. */
const linesOf = (
	texts: readonly string[],
	indices: readonly number[],
	pattern: Pattern,
): number[] => {
	const found: number[] = [];
	for (let from = 0; from < indices.length; ) {
		const piece: string[] = [];
		const ends: number[] = [];
		let end = -1;
		const start = from;
		while (from < indices.length && end < pieceCharacters) {
			const text = texts[indices[from] ?? 0] ?? '';
			piece.push(text);
			end += text.length + 1;
			ends.push(end);
			from += 1;
		}
		pattern.eachLine(piece.join('\n'), ends, (line) => found.push(indices[start + line] ?? 0));
	}
	return found;
};
