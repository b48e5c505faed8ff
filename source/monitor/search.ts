import type { LineFilter } from '../contract/line-filter.ts';
import { Pattern, type PatternText } from '../contract/pattern.ts';
import { HistoryMatches } from './history-matches.ts';
import { LineIndex } from './line-index.ts';
import type { LogRing } from './log-ring.ts';

/**
 * A search: matches in the ring by an index, those before it by looks at the server. The two meet
 * at the ring's newest part. What is found is mutable, as the log is: `logVersion` tells of it.
 */
export type Search = {
	readonly pattern: Pattern;
	readonly index: LineIndex;
	readonly history: HistoryMatches;
	/** Cursor of the match that the search stands on, null before the first. */
	readonly at: number | null;
	/** Whether older lines are searched on the server too: not while the pattern is being typed. */
	readonly isWhole: boolean;
	/** Whether a look at the server is under way; why the last one failed. */
	readonly isLooking: boolean;
	readonly error: string | null;
};

type Scope = {
	readonly log: LogRing;
	readonly filters: LineFilter;
	readonly isFolded: boolean;
};

/** The cursor at which the ring's part of a search begins. */
export const edgeOf = (log: LogRing): number => log.newestFrom ?? log.last + 1;

/** @throws Failure `invalid` for what is not a pattern */
export const startSearch = ({ log, filters, isFolded }: Scope, text: PatternText): Search => {
	const pattern = new Pattern(text);
	return {
		pattern,
		index: new LineIndex(log, { filter: filters, find: pattern, isFolded }),
		history: new HistoryMatches(edgeOf(log)),
		at: null,
		isWhole: false,
		isLooking: false,
		error: null,
	};
};

/** The first match at or after a cursor, among those that are known. */
export const matchAtOrAfter = ({ index, history }: Search, log: LogRing, seq: number) => {
	const edge = edgeOf(log);
	const older = seq < edge ? history.atOrAfter(seq) : null;
	return older !== null && older < edge ? older : index.next(Math.max(seq, edge));
};

/** The last match at or before a cursor, among those that are known. */
export const matchAtOrBefore = ({ index, history }: Search, log: LogRing, seq: number) => {
	const edge = edgeOf(log);
	const newer = seq >= edge ? index.previous(seq) : null;
	return newer !== null && newer >= edge ? newer : history.atOrBefore(Math.min(seq, edge - 1));
};

/** `3 of 128`: which match the search stands on, 0 for none, and how many are known. */
export type MatchCount = {
	readonly at: number;
	readonly of: number;
	/** Whether lines are left that were not searched. */
	readonly isPartial: boolean;
	/** Part of the server's older lines that was searched, 0 to 1. */
	readonly progress: number;
};

/** @param first first cursor of the server's log */
export const countMatches = (search: Search, log: LogRing, first: number): MatchCount => {
	const { index, history, at, isWhole } = search;
	const edge = edgeOf(log);
	const upTo = (seq: number): number =>
		history.countUpTo(Math.min(seq, edge - 1)) + (seq < edge ? 0 : index.count(edge, seq));
	return {
		at: at === null ? 0 : upTo(at),
		of: history.total + index.count(edge, log.last),
		isPartial: index.isPartial || (isWhole && history.next(first, edge) !== null),
		progress: history.progress(first, edge),
	};
};
