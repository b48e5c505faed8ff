import { Failure } from '../contract/failure.ts';
import type { Gap } from '../contract/feeds.ts';
import type { LogBounds } from '../store/log-store.ts';

/** Most records that `tail` goes back. */
export const tailLimit = 100_000;

/** What a reader of the log feed asks for. */
export type FeedRequest = {
	/** Cursor of the last record it has, undefined when it has none. */
	readonly after: number | undefined;
	/** How many of the newest records it wants, undefined for all. */
	readonly tail: number | undefined;
};

/** Where a feed begins: after this cursor. A gap is announced first. */
export type FeedStart = { readonly cursor: number; readonly gap: Gap | undefined };

const wholeNumber = (text: string, name: string, limit: number): number => {
	const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
	if (value <= limit) return value;
	throw new Failure('invalid', `${name}: must be a whole number from 0 to ${limit}`);
};

/**
 * Reads the two parameters of the log feed; an absent or empty one counts as not given.
 * @throws Failure `invalid`
 */
export const parseFeedRequest = (
	lastEventId: string | undefined,
	tail: string | undefined,
): FeedRequest => ({
	after: lastEventId
		? wholeNumber(lastEventId, 'Last-Event-ID', Number.MAX_SAFE_INTEGER)
		: undefined,
	tail: tail ? wholeNumber(tail, 'tail', tailLimit) : undefined,
});

/**
 * Resolves a request against the records that exist. A cursor beyond the last record was given by
 * a store that is no more: the records it stood for are a gap, and the feed begins anew.
 */
export const startOfFeed = (
	{ after, tail }: FeedRequest,
	{ first, last }: LogBounds,
): FeedStart => {
	if (after !== undefined && after <= last) return { cursor: after, gap: undefined };
	const beforeFirst = Math.max(0, first - 1);
	const cursor = tail === undefined ? beforeFirst : Math.max(beforeFirst, last - tail);
	const gap: Gap | undefined =
		after === undefined
			? undefined
			: { from: last + 1, to: after, reason: 'the server has begun a new log' };
	return { cursor, gap };
};
