import { expect, test } from 'vitest';
import { parseFeedRequest, startOfFeed } from '../../source/server/feed-cursor.ts';

const reason = 'the server has begun a new log';
test.each([
	// after, tail, first, last -> cursor, gap
	{ after: undefined, tail: undefined, first: 1, last: 9, cursor: 0, gap: undefined },
	{ after: undefined, tail: undefined, first: 5, last: 9, cursor: 4, gap: undefined },
	{ after: undefined, tail: undefined, first: 0, last: 0, cursor: 0, gap: undefined },
	{ after: undefined, tail: 0, first: 1, last: 9, cursor: 9, gap: undefined },
	{ after: undefined, tail: 3, first: 1, last: 9, cursor: 6, gap: undefined },
	{ after: undefined, tail: 30, first: 5, last: 9, cursor: 4, gap: undefined },
	{ after: undefined, tail: 3, first: 0, last: 0, cursor: 0, gap: undefined },
	{ after: 0, tail: undefined, first: 0, last: 0, cursor: 0, gap: undefined },
	{ after: 0, tail: 3, first: 1, last: 9, cursor: 0, gap: undefined },
	{ after: 9, tail: 3, first: 1, last: 9, cursor: 9, gap: undefined },
	{ after: 10, tail: undefined, first: 1, last: 9, cursor: 0, gap: { from: 10, to: 10, reason } },
	{ after: 50, tail: 2, first: 1, last: 9, cursor: 7, gap: { from: 10, to: 50, reason } },
	{ after: 5, tail: undefined, first: 0, last: 0, cursor: 0, gap: { from: 1, to: 5, reason } },
])(
	'after $after, tail $tail of $first to $last begins after $cursor',
	({ after, tail, first, last, cursor, gap }) => {
		expect(startOfFeed({ after, tail }, { first, last })).toEqual({ cursor, gap });
	},
);

test('absent and empty parameters count as not given', () => {
	expect(parseFeedRequest(undefined, undefined)).toEqual({ after: undefined, tail: undefined });
	expect(parseFeedRequest('', '')).toEqual({ after: undefined, tail: undefined });
	expect(parseFeedRequest('0', '100000')).toEqual({ after: 0, tail: 100_000 });
});

test.each(['-1', '1.5', '1e3', ' 1', '0x1', '99999999999999999999'])('%j is no cursor', (text) => {
	expect(() => parseFeedRequest(text, undefined)).toThrow(/^Last-Event-ID: must be a whole/);
});
