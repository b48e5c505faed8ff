import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FeedHandle } from '../../source/client/feed-state.ts';
import { type LogFeedOptions, openLogFeed } from '../../source/client/log-feed.ts';
import { openSessionFeed } from '../../source/client/session-feed.ts';
import type { Gap, Snapshot } from '../../source/contract/feeds.ts';
import { type Answer, startFaultServer, stream } from '../faults/fault-server.ts';
import { startTcpProxy, type TcpProxy } from '../faults/tcp-proxy.ts';
import { until } from '../faults/until.ts';
import { startTestServer, type TestServer, testToken } from '../server/test-server.ts';
import { sampleRecords, sampleSession } from '../store/samples.ts';

let server: TestServer;
let proxy: TcpProxy;
const closers: (() => Promise<void> | void)[] = [];
beforeEach(async () => {
	server = await startTestServer();
	proxy = await startTcpProxy(server.url);
	closers.push(server.close, proxy.close);
});
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

// Waits of a few ms only, so that many cuts fit into a test.
const edges = { random: () => 0.02 };
const job = { token: testToken, projectId: 'proj1', jobId: 'job1', edges };

type Followed = { feed: FeedHandle; messages: string[]; seqs: number[]; gaps: Gap[] };
const follow = (options: Partial<LogFeedOptions> = {}): Followed => {
	const followed = { messages: [] as string[], seqs: [] as number[], gaps: [] as Gap[] };
	const feed = openLogFeed({
		...job,
		url: proxy.url,
		onRecords: (records) => {
			for (const { seq, message } of records) {
				followed.seqs.push(seq);
				followed.messages.push(message);
			}
		},
		onGap: (gap) => followed.gaps.push(gap),
		...options,
	});
	closers.push(() => feed.close());
	return { ...followed, feed };
};
const live = ({ feed }: Followed): Promise<void> => until(() => feed.state().state === 'live');
const range = (from: number, to: number): number[] =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);
const append = (from: number, to: number): void => {
	server.store.append('job1', sampleRecords(from, to));
};

test('nothing is lost or doubled across 50 cuts while 20 000 records are written', async () => {
	const followed = follow();
	const total = 20_000;
	let cuts = 0;
	let cutAfter = 0;
	for (let written = 0; written < total || cuts < 50; ) {
		if (written < total && written / total <= (cuts + 1) / 50) {
			append(written + 1, written + 20);
			written += 20;
		}
		if (cuts < 50 && proxy.passed() > cutAfter) {
			proxy.cut();
			cuts += 1;
			// The next one hits somewhere in the bytes to come, be it within a record.
			cutAfter = proxy.passed() + Math.floor(Math.random() * 30_000);
			if (written >= total) cutAfter = proxy.passed();
		}
		await turn();
	}
	await until(() => followed.seqs.length >= total);
	expect(proxy.accepted()).toBeGreaterThan(20);
	expect(followed.seqs).toEqual(range(1, total));
	expect(followed.messages).toEqual(range(1, total).map((seq) => `line ${seq}`));
	expect(followed.gaps).toEqual([]);
});

test('a server that restarts on its port is found again', async () => {
	const followed = follow({ url: server.url });
	append(1, 5);
	await until(() => followed.seqs.length === 5);
	await server.stop();
	await until(() => followed.feed.state().state === 'retrying');
	append(6, 10);
	await server.restart();
	await until(() => followed.seqs.length === 10);
	expect(followed.seqs).toEqual(range(1, 10));
	expect(followed.gaps).toEqual([]);
});

test('a link that breaks before the first record loses nothing', async () => {
	append(1, 5);
	const followed = follow({ tail: 0 });
	await live(followed);
	await until(() => proxy.passed() > 0);
	await until(() => (followed.feed.state().lastEventAt ?? 0) > 0);
	// The start event is on its way: give it the turns that the first record would take.
	const witness = follow();
	await until(() => witness.seqs.length === 5);
	proxy.cut();
	append(6, 8);
	await until(() => followed.seqs.length >= 3);
	expect(followed.seqs).toEqual([6, 7, 8]);
});

test('a stalled link is noticed by its silence, and nothing is lost', async () => {
	// Time that runs 20 times as fast for the client.
	const start = Date.now();
	const hurried = {
		...edges,
		now: () => start + (Date.now() - start) * 20,
		after: (ms: number, action: () => void) => {
			const timer = setTimeout(action, ms / 20);
			return () => clearTimeout(timer);
		},
	};
	const followed = follow({ edges: hurried });
	append(1, 3);
	await until(() => followed.seqs.length === 3);
	proxy.stall(true);
	append(4, 6);
	await until(() => proxy.accepted() > 1);
	proxy.stall(false);
	await until(() => followed.seqs.length === 6);
	expect(followed.seqs).toEqual(range(1, 6));
});

test('a slow link delays but keeps order', async () => {
	proxy.delay(5);
	const followed = follow();
	append(1, 1000);
	await until(() => followed.seqs.length === 1000);
	expect(followed.seqs).toEqual(range(1, 1000));
});

test.each([
	[{ tail: 2 }, [9, 10]],
	[{ after: 7 }, [8, 9, 10]],
	[{ after: 0, tail: 1 }, range(1, 10)],
] as const)('%j begins where it says', async (options, expected) => {
	append(1, 10);
	const followed = follow(options);
	await until(() => followed.seqs.includes(10));
	expect(followed.seqs).toEqual(expected);
});

test('a new log behind the same job is told as a gap and followed from its start', async () => {
	append(1, 3);
	const followed = follow({ after: 500 });
	await until(() => followed.seqs.length === 3);
	expect(followed.gaps).toEqual([{ from: 4, to: 500, reason: 'the server has begun a new log' }]);
	append(4, 4);
	await until(() => followed.seqs.length === 4);
	expect(followed.gaps).toHaveLength(1);
});

const record = (seq: number) => ({
	seq,
	timestamp: '1',
	message: `line ${seq}`,
	replica: null,
	level: null,
});
const batch = (...seqs: number[]): string =>
	`event: log\nid: ${seqs.at(-1)}\ndata: ${JSON.stringify(seqs.map(record))}\n\n`;

const followFaulty = async (...answers: Answer[]): Promise<Followed> => {
	const faulty = await startFaultServer(...answers);
	closers.push(faulty.close);
	return follow({ url: faulty.url });
};

test('records that a server repeats are dropped', async () => {
	const followed = await followFaulty(stream(batch(1, 2) + batch(1, 2) + batch(2, 3)));
	await until(() => followed.seqs.length === 3);
	expect(followed.seqs).toEqual([1, 2, 3]);
});

test('records that a server leaves out are told as a gap', async () => {
	const followed = await followFaulty(stream(batch(1, 2) + batch(6)));
	await until(() => followed.seqs.length === 3);
	expect(followed.gaps).toEqual([{ from: 3, to: 5, reason: 'the server left them out' }]);
});

test('an evicted range is told once', async () => {
	const gap = 'event: gap\nid: 5\ndata: {"from":3,"to":5,"reason":"evicted"}\n\n';
	const followed = await followFaulty(stream(batch(1, 2) + gap + batch(6)));
	await until(() => followed.seqs.length === 3);
	expect(followed.gaps).toEqual([{ from: 3, to: 5, reason: 'evicted' }]);
});

test.each([
	['event: log\nid: 1\ndata: [{"seq":1}]\n\n', /bad log event: \[0\]\.timestamp: is missing/],
	['event: log\nid: 1\ndata: {\n\n', /bad log event: it is not valid JSON/],
	['event: gap\nid: 1\ndata: {}\n\n', /bad gap event: from: is missing/],
])('a bad event %j is refused with its reason', async (body, reason) => {
	const followed = await followFaulty(stream(body), stream(batch(1)));
	await until(() => followed.seqs.length === 1);
	expect(followed.feed.state().state).toBe('live');
	const again = await followFaulty(stream(body));
	await until(() => again.feed.state().state === 'retrying');
	expect(again.feed.state().reason).toMatch(reason);
});

test('the session feed gives the state at each connection and after each change', async () => {
	const snapshots: Snapshot[] = [];
	const feed = openSessionFeed({
		...job,
		url: proxy.url,
		onSnapshot: (snapshot) => snapshots.push(snapshot),
	});
	closers.push(() => feed.close());
	await until(() => snapshots.length === 1);
	expect(snapshots[0]).toMatchObject({ plane: 'fake', sessions: [{ node: 0 }, { node: 1 }] });
	server.store.putSession('job1', sampleSession(1, { state: 'expired' }));
	await until(() => snapshots.length === 2);
	expect(snapshots[1]?.sessions[1]?.state).toBe('expired');
	proxy.cut();
	await until(() => snapshots.length === 3);
	expect(snapshots[2]).toEqual(snapshots[1]);
});
