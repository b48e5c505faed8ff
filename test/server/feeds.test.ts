import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { feedHeartbeatMs } from '../../source/contract/feeds.ts';
import type { LogRecord } from '../../source/contract/log.ts';
import { until } from '../faults/until.ts';
import { sampleMs, sampleRecords, sampleSession } from '../store/samples.ts';
import { type EventReader, readEvents } from './read-events.ts';
import { startTestServer, type TestServer, testJobPath } from './test-server.ts';

let server: TestServer;
let readers: EventReader[];
beforeEach(async () => {
	readers = [];
	server = await startTestServer();
});
afterEach(async () => {
	vi.useRealTimers();
	for (const reader of readers) reader.close();
	await server.close();
});

const open = async (
	feed: string,
	headers: Record<string, string> = {},
	method = 'GET',
): Promise<EventReader> => {
	const authorization = `Bearer ${server.token}`;
	const url = `${server.url}${testJobPath}/${feed}`;
	const reader = await readEvents(url, { authorization, ...headers }, method);
	readers.push(reader);
	return reader;
};

const records = ({ events }: EventReader): LogRecord[] =>
	events.filter(({ event }) => event === 'log').flatMap(({ data }) => data as LogRecord[]);
const seqs = (reader: EventReader): number[] => records(reader).map(({ seq }) => seq);
const range = (from: number, to: number): number[] =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);

test.each(['logs/stream', 'sessions/stream'])('%s can not be cached or buffered', async (feed) => {
	const reader = await open(feed);
	expect(reader.status).toBe(200);
	expect(reader.headers).toMatchObject({
		'content-type': 'text/event-stream',
		'cache-control': 'no-cache, no-transform',
		'x-accel-buffering': 'no',
	});
	await until(() => reader.comments.length > 0);
});

test('the log feed sends all records in events of 100, with the last cursor as id', async () => {
	server.store.append('job1', sampleRecords(1, 250));
	const reader = await open('logs/stream');
	await until(() => records(reader).length === 250);
	expect(reader.events[0]).toEqual({ event: 'start', id: '0', data: { cursor: 0 } });
	expect(reader.events.slice(1).map(({ id }) => id)).toEqual(['100', '200', '250']);
	expect(records(reader)[0]).toEqual({
		seq: 1,
		timestamp: `${sampleMs}001000`,
		message: 'line 1',
		replica: '1',
		level: 'INFO',
	});
	server.store.append('job1', sampleRecords(251, 251));
	await until(() => records(reader).length === 251);
	expect(reader.events.at(-1)?.id).toBe('251');
});

test('a burst of many small appends comes whole, in order, and batched', async () => {
	const reader = await open('logs/stream');
	for (let seq = 1; seq <= 3000; seq += 1) {
		server.store.append('job1', sampleRecords(seq, seq));
		if (seq % 10 === 0) await turn();
	}
	await until(() => records(reader).length === 3000);
	expect(seqs(reader)).toEqual(range(1, 3000));
	const sizes = reader.events.flatMap(({ data }) => (Array.isArray(data) ? [data.length] : []));
	expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
	// One event per append would be 3000.
	expect(sizes.length).toBeLessThan(600);
});

test.each([
	['logs/stream?tail=0', {}, 11],
	['logs/stream?tail=3', {}, 8],
	['logs/stream', { 'last-event-id': '6' }, 7],
	['logs/stream?last_event_id=6&tail=1', {}, 7],
	['logs/stream?last_event_id=1', { 'last-event-id': '6' }, 7],
] as const)('%s %j begins with record %i', async (feed, headers, first) => {
	server.store.append('job1', sampleRecords(1, 10));
	const reader = await open(feed, headers);
	server.store.append('job1', sampleRecords(11, 12));
	await until(() => seqs(reader).includes(12));
	expect(seqs(reader)).toEqual(range(first, 12));
});

test('a cursor of a log that is no more is announced as a gap', async () => {
	server.store.append('job1', sampleRecords(1, 3));
	const reader = await open('logs/stream', { 'last-event-id': '500' });
	await until(() => records(reader).length === 3);
	expect(reader.events[0]).toEqual({
		event: 'gap',
		id: '0',
		data: { from: 4, to: 500, reason: 'the server has begun a new log' },
	});
	expect(seqs(reader)).toEqual([1, 2, 3]);
});

test('records that have left the store are announced as a gap', async () => {
	server.store.append('job1', sampleRecords(1, 10));
	const database = new DatabaseSync(join(server.directory, 'signalbox.db'));
	database.exec('DELETE FROM logs WHERE seq <= 6');
	database.close();
	const reader = await open('logs/stream', { 'last-event-id': '2' });
	await until(() => records(reader).length === 4);
	expect(reader.events.find(({ event }) => event === 'gap')).toEqual({
		event: 'gap',
		id: '6',
		data: { from: 3, to: 6, reason: 'no longer in the store' },
	});
	expect(seqs(reader)).toEqual([7, 8, 9, 10]);
});

test('a reader that does not read is not read for, and loses nothing', async () => {
	const reader = await open('logs/stream');
	await until(() => reader.events.length === 1);
	reader.pause();
	const reads = vi.spyOn(server.store, 'logsAfter');
	const message = 'x'.repeat(4000);
	const total = 20_000;
	for (let from = 1; from <= total; from += 500) {
		server.store.append(
			'job1',
			sampleRecords(from, from + 499).map((record) => ({ ...record, message })),
		);
		await turn();
	}
	let calls = -1;
	await until(() => {
		const settled = calls === reads.mock.calls.length;
		calls = reads.mock.calls.length;
		return settled;
	});
	// 80 MB were written; what was read for this reader is what the buffers on its way hold.
	const read = reads.mock.results.flatMap(({ value }) => value as LogRecord[]).length;
	expect(read * message.length).toBeLessThan(20 * 1024 * 1024);
	reader.resume();
	await until(() => records(reader).length === total);
	expect(seqs(reader)).toEqual(range(1, total));
});

test('a quiet feed shows life', async () => {
	vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
	const logs = await open('logs/stream');
	const sessions = await open('sessions/stream');
	for (const beats of [1, 2]) {
		vi.advanceTimersByTime(feedHeartbeatMs);
		for (const reader of [logs, sessions]) {
			await until(() => reader.comments.length === 1 + beats);
		}
	}
	expect(logs.comments).toEqual(['open', 'alive', 'alive']);
});

test('the session feed sends a snapshot at the start and one per turn with changes', async () => {
	const reader = await open('sessions/stream', { 'last-event-id': '1' });
	await until(() => reader.events.length === 1);
	const version = server.store.jobs.version('job1');
	expect(reader.events[0]).toMatchObject({
		event: 'snapshot',
		id: String(version),
		data: {
			job: { id: 'job1', current_status: 'TRAINING_JOB_RUNNING' },
			sessions: [{ node: 0 }, { node: 1 }],
			server_time: new Date(sampleMs).toISOString(),
			plane: 'fake',
			log: { first: 0, last: 0 },
		},
	});
	server.store.append('job1', sampleRecords(1, 2));
	server.store.updateJob('job1', { current_status: 'TRAINING_JOB_COMPLETED' });
	server.store.putSession('job1', sampleSession(0, { state: 'ended' }));
	server.store.putSession('job1', sampleSession(1, { state: 'ended' }));
	await until(() => reader.events.length > 1);
	server.store.updateJob('job1', { error_message: 'last' });
	await until(() => reader.events.length > 2);
	expect(reader.events.slice(1)).toMatchObject([
		{
			id: String(version + 3),
			data: {
				job: { current_status: 'TRAINING_JOB_COMPLETED' },
				sessions: [{ state: 'ended' }, { state: 'ended' }],
				log: { first: 1, last: 2 },
			},
		},
		{ id: String(version + 4), data: { job: { error_message: 'last' } } },
	]);
});

test('a reader that knows the version still gets the state when it connects', async () => {
	const version = String(server.store.jobs.version('job1'));
	const reader = await open('sessions/stream', { 'last-event-id': version });
	await until(() => reader.events.length === 1);
	expect(reader.events[0]?.id).toBe(version);
});

test('readers that have gone leave no listener behind', async () => {
	let listeners = 0;
	const on = server.store.changes.on.bind(server.store.changes);
	vi.spyOn(server.store.changes, 'on').mockImplementation((...given) => {
		listeners += 1;
		const off = on(...given);
		return () => {
			listeners -= 1;
			off();
		};
	});
	for (const feed of ['logs/stream', 'sessions/stream', 'logs/stream']) await open(feed);
	expect(listeners).toBe(3);
	for (const reader of readers) reader.close();
	await until(() => listeners === 0);
	// Nothing is left that would write to them.
	server.store.append('job1', sampleRecords(1, 200));
	server.store.updateJob('job1', {});
	await turn();
});

test('closing the server ends the feeds and frees the port', async () => {
	const reader = await open('logs/stream');
	const port = new URL(server.url).port;
	await server.stop();
	await until(() => reader.ended());
	await server.restart();
	expect(new URL(server.url).port).toBe(port);
	expect((await open('logs/stream')).status).toBe(200);
});

test('HEAD asks for the headers only', async () => {
	const reader = await open('logs/stream', {}, 'HEAD');
	expect(reader.status).toBe(200);
	await until(() => reader.ended());
});
