import { afterEach, expect, test } from 'vitest';
import { type FeedOptions, openFeed } from '../../source/client/feed.ts';
import type { FeedHandle, FeedState } from '../../source/client/feed-state.ts';
import { Failure } from '../../source/contract/failure.ts';
import { feedIdleMs } from '../../source/contract/feeds.ts';
import {
	type Answer,
	answer,
	endedStream,
	type FaultServer,
	reset,
	silence,
	startFaultServer,
	stream,
} from '../faults/fault-server.ts';
import { until } from '../faults/until.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

type Opened = {
	feed: FeedHandle;
	server: FaultServer;
	clock: ManualClock;
	states: FeedState[];
	events: string[];
	stops: Failure[];
};

/** A feed of `tick` events on a server with prepared answers and a clock that stands still. */
const open = async (
	answers: readonly Answer[],
	options: Partial<FeedOptions> = {},
): Promise<Opened> => {
	const server = await startFaultServer(...answers);
	const clock = createManualClock();
	const states: FeedState[] = [];
	const events: string[] = [];
	const stops: Failure[] = [];
	const feed = openFeed({
		url: server.url,
		token: 'secret-1',
		path: '/feed',
		events: { tick: (data, id) => events.push(`${id}:${data}`) },
		onState: (state) => states.push(state),
		onStop: (failure) => stops.push(failure),
		edges: { now: clock.now, after: clock.after, random: () => 0.5 },
		...options,
	});
	closers.push(server.close, () => feed.close());
	return { feed, server, clock, states, events, stops };
};

const reaches = ({ feed }: Opened, state: FeedState['state']): Promise<void> =>
	until(() => feed.state().state === state, state);

test('the token and the cursor go with each request, events come with their id', async () => {
	let cursor: string | null = null;
	const opened = await open([endedStream('event: tick\nid: 7\ndata: a\n\n'), stream(': x\n\n')], {
		lastEventId: () => cursor,
	});
	await reaches(opened, 'retrying');
	expect(opened.events).toEqual(['7:a']);
	cursor = '7';
	opened.clock.advance(125);
	await reaches(opened, 'live');
	expect(opened.server.seen.map(({ headers }) => headers['last-event-id'])).toEqual([
		undefined,
		'7',
	]);
	expect(opened.server.seen[0]?.headers).toMatchObject({
		authorization: 'Bearer secret-1',
		accept: 'text/event-stream',
	});
});

test('the state tells attempt, time of the next, and reason', async () => {
	const opened = await open([answer(503, { error: 'restarting' }), reset, stream(': x\n\n')]);
	const start = opened.clock.now();
	await reaches(opened, 'retrying');
	expect(opened.feed.state()).toEqual({
		state: 'retrying',
		attempt: 1,
		nextRetryAt: start + 125,
		reason: 'restarting',
		lastEventAt: null,
	});
	opened.clock.advance(125);
	await reaches(opened, 'retrying');
	expect(opened.feed.state()).toMatchObject({ attempt: 2, nextRetryAt: start + 125 + 250 });
	expect(opened.feed.state().reason).toMatch(/^Cannot reach http:.*: the connection was reset\.$/);
	opened.clock.advance(250);
	await reaches(opened, 'live');
	expect(opened.feed.state()).toEqual({
		state: 'live',
		attempt: 0,
		nextRetryAt: null,
		reason: null,
		lastEventAt: start + 375,
	});
	expect(opened.states.map(({ state }) => state)).toEqual([
		'connecting',
		'retrying',
		'connecting',
		'retrying',
		'connecting',
		'live',
	]);
});

test('a server that accepts and hangs up is met with growing waits', async () => {
	const opened = await open([endedStream('')]);
	for (const [attempt, wait] of [125, 250, 500, 1000, 2000, 4000, 5000, 5000].entries()) {
		await until(
			() => opened.feed.state().attempt === attempt + 1 && opened.feed.state().state === 'retrying',
		);
		expect(opened.feed.state().nextRetryAt).toBe(opened.clock.now() + wait);
		opened.clock.advance(wait);
	}
});

test('an event makes the next wait short again', async () => {
	const opened = await open([
		endedStream(''),
		endedStream(''),
		endedStream('event: tick\ndata: a\n\n'),
	]);
	for (const attempt of [1, 2, 1]) {
		await reaches(opened, 'retrying');
		expect(opened.feed.state().attempt).toBe(attempt);
		opened.clock.advance(250);
	}
});

test('429 waits as long as the server asks', async () => {
	const opened = await open([answer(429, '', { 'retry-after': '7' }), stream(': x\n\n')]);
	await reaches(opened, 'retrying');
	expect(opened.feed.state().nextRetryAt).toBe(opened.clock.now() + 7000);
	opened.clock.advance(6999);
	expect(opened.feed.state().state).toBe('retrying');
	opened.clock.advance(1);
	await reaches(opened, 'live');
});

test.each([
	[401, 'unauthorized', /refused the token/],
	[403, 'unauthorized', /refused the token/],
	[404, 'not_found', /answered 404/],
	[400, 'invalid', /answered 400/],
	[204, 'failed', /answered 204/],
] as const)('status %i stops the feed and says why', async (status, kind, reason) => {
	const opened = await open([answer(status), stream(': x\n\n')]);
	await reaches(opened, 'stopped');
	expect(opened.feed.state().reason).toMatch(reason);
	expect(opened.stops.map((failure) => failure.kind)).toEqual([kind]);
	opened.clock.advance(120_000);
	expect(opened.server.seen).toHaveLength(1);
	opened.feed.reconnect();
	await reaches(opened, 'live');
});

test('a page that is no event stream is not taken for one', async () => {
	const opened = await open([answer(200, '<html>', { 'content-type': 'text/html' })]);
	await reaches(opened, 'retrying');
	expect(opened.feed.state().reason).toContain('text/event-stream');
});

test('an event that can not be read ends the connection', async () => {
	const opened = await open([stream('event: tick\ndata: a\n\n')], {
		events: {
			tick: () => {
				throw new Failure('invalid', 'seq: is missing');
			},
		},
	});
	await reaches(opened, 'retrying');
	expect(opened.feed.state().reason).toBe('The server sent a bad tick event: seq: is missing');
});

test('silence for 25 s ends a live connection', async () => {
	const opened = await open([stream(': x\n\n')]);
	await reaches(opened, 'live');
	opened.clock.advance(feedIdleMs - 1000);
	expect(opened.feed.state().state).toBe('live');
	opened.clock.advance(1000);
	expect(opened.feed.state().state).toBe('retrying');
	expect(opened.feed.state().reason).toBe(`Nothing came from ${opened.server.url} for 25 s.`);
	opened.clock.advance(125);
	await until(() => opened.server.seen.length === 2);
});

test('a server that never answers is given up after 25 s', async () => {
	const opened = await open([silence]);
	await until(() => opened.server.seen.length === 1);
	opened.clock.advance(feedIdleMs);
	expect(opened.feed.state().state).toBe('retrying');
});

test('a comment is a sign of life, and told as one', async () => {
	let write = (_text: string): void => {};
	const opened = await open([
		(response) => {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			response.flushHeaders();
			write = (text) => response.write(text);
		},
	]);
	await reaches(opened, 'live');
	opened.clock.advance(20_000);
	const heard = opened.clock.now();
	write(': alive\n\n');
	await until(() => {
		// The tick is what tells of the bytes; less than a second passes here in all.
		opened.clock.advance(0.01);
		return (opened.feed.state().lastEventAt ?? 0) >= heard;
	});
	opened.clock.advance(20_000);
	expect(opened.feed.state().state).toBe('live');
	opened.clock.advance(6000);
	expect(opened.feed.state().state).not.toBe('live');
});

test('a machine that wakes up connects at once', async () => {
	const opened = await open([stream(': x\n\n')]);
	await reaches(opened, 'live');
	opened.clock.sleep(6500);
	expect(opened.feed.state().state).toBe('connecting');
	await reaches(opened, 'live');
	expect(opened.server.seen).toHaveLength(2);
	opened.clock.sleep(5000);
	expect(opened.feed.state().state).toBe('live');
});

test('waking up does not wait for the end of a backoff either', async () => {
	const opened = await open([answer(429, '', { 'retry-after': '60' }), stream(': x\n\n')]);
	await reaches(opened, 'retrying');
	opened.clock.sleep(30_000);
	await reaches(opened, 'live');
});

test('a closed feed calls nobody, leaves no timer, and lets the connection go', async () => {
	let gone = false;
	const opened = await open([
		(response, request) => {
			stream(': x\n\n')(response, request);
			response.on('close', () => {
				gone = true;
			});
		},
	]);
	await reaches(opened, 'live');
	const told = opened.states.length;
	opened.feed.close();
	await until(() => gone);
	expect(opened.clock.waits()).toEqual([]);
	opened.feed.reconnect();
	expect(opened.states).toHaveLength(told);
	expect(opened.server.seen).toHaveLength(1);
});

test('a feed that is closed while it waits does not come back', async () => {
	const opened = await open([answer(503)]);
	await reaches(opened, 'retrying');
	opened.feed.close();
	expect(opened.clock.waits()).toEqual([]);
});

test('a feed that is closed by its own callback does not connect', async () => {
	const server = await startFaultServer(answer(503));
	const clock = createManualClock();
	let attempts = 0;
	const feed = openFeed({
		url: server.url,
		token: 't',
		path: '/feed',
		events: {},
		onState: ({ state }) => {
			if (state === 'connecting') attempts += 1;
			if (attempts === 2) feed.close();
		},
		edges: { now: clock.now, after: clock.after, random: () => 0.5 },
	});
	closers.push(server.close);
	await until(() => feed.state().state === 'retrying');
	clock.advance(125);
	expect(attempts).toBe(2);
	expect(clock.waits()).toEqual([]);
	expect(server.seen).toHaveLength(1);
});
