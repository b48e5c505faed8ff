import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewLogRecord } from '../../source/contract/log.ts';
import { Store } from '../../source/store/store.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { sampleJob, sampleMs, sampleRecords, sampleRequest } from './samples.ts';

let directory: string;
let store: Store;

beforeEach(() => {
	directory = temporaryDirectory();
	store = Store.open(directory);
	store.insertJob(sampleJob('job1'), sampleRequest(), []);
	store.insertJob(sampleJob('job2'), sampleRequest(), []);
});
afterEach(() => store.close());

const seqs = (records: readonly { seq: number }[]): number[] => records.map(({ seq }) => seq);
const nanoseconds = (offset: bigint): string => String(BigInt(sampleMs) * 1_000_000n + offset);
const record = (timestamp: string, changes: Partial<NewLogRecord> = {}): NewLogRecord => ({
	timestamp,
	message: 'x',
	replica: null,
	level: null,
	...changes,
});

test('cursors rise by one from 1, for each job alone', () => {
	expect(store.append('job1', sampleRecords(1, 3))).toBe(3);
	expect(store.append('job2', sampleRecords(1, 1))).toBe(1);
	expect(store.append('job1', sampleRecords(4, 5))).toBe(5);
	expect(seqs(store.logsAfter('job1', 0, 100))).toEqual([1, 2, 3, 4, 5]);
	expect(store.logBounds('job1')).toEqual({ first: 1, last: 5 });
	expect(store.logBounds('job2')).toEqual({ first: 1, last: 1 });
});

test('a job without records has bounds 0 and 0, and appending nothing wakes nobody', () => {
	let wakes = 0;
	store.changes.on('log', 'job1', () => {
		wakes += 1;
	});
	expect(store.append('job1', [])).toBe(0);
	expect(wakes).toBe(0);
	expect(store.logBounds('job1')).toEqual({ first: 0, last: 0 });
	expect(store.logsAfter('job1', 0, 10)).toEqual([]);
	expect(store.logsBefore('job1', 10, 10)).toEqual([]);
});

test('after and before page around a cursor in rising order', () => {
	store.append('job1', sampleRecords(1, 10));
	expect(seqs(store.logsAfter('job1', 4, 3))).toEqual([5, 6, 7]);
	expect(seqs(store.logsAfter('job1', 10, 3))).toEqual([]);
	expect(seqs(store.logsBefore('job1', 4, 2))).toEqual([2, 3]);
	expect(seqs(store.logsBefore('job1', 1, 2))).toEqual([]);
	expect(seqs(store.logsBefore('job1', Number.MAX_SAFE_INTEGER, 2))).toEqual([9, 10]);
});

test('nanoseconds survive, though they do not fit a double', () => {
	const timestamp = '1790000000123456789';
	expect(Number(timestamp).toString()).not.toBe(timestamp);
	store.append('job1', [record(timestamp)]);
	expect(store.logsAfter('job1', 0, 1)[0]?.timestamp).toBe(timestamp);
});

test('records of one instant stay apart and in order of arrival', () => {
	const stamp = nanoseconds(0n);
	store.append('job1', [record(stamp), record(stamp), record(stamp, { message: 'y' })]);
	const window = { startMs: sampleMs, endMs: sampleMs + 1 };
	expect(seqs(store.logsWindow('job1', { ...window, direction: 'asc' }))).toEqual([1, 2, 3]);
	expect(seqs(store.logsWindow('job1', { ...window, direction: 'desc' }))).toEqual([3, 2, 1]);
});

test('a window includes its start, excludes its end, and orders by time, not by arrival', () => {
	store.append('job1', [
		record(nanoseconds(2_000_000n)),
		record(nanoseconds(0n)),
		record(nanoseconds(1_999_999n)),
		record(nanoseconds(-1n)),
	]);
	const window = { startMs: sampleMs, endMs: sampleMs + 2 };
	expect(seqs(store.logsWindow('job1', { ...window, direction: 'asc' }))).toEqual([2, 3]);
	expect(seqs(store.logsWindow('job1', { ...window, direction: 'desc', limit: 1 }))).toEqual([3]);
});

test('a lowest level leaves out what is below it and what has none', () => {
	const levels = ['DEBUG', 'INFO', 'WARNING', 'ERROR', null];
	store.append(
		'job1',
		levels.map((level) => record(nanoseconds(0n), { level })),
	);
	const window = { startMs: sampleMs, endMs: sampleMs + 1, direction: 'asc' as const };
	expect(seqs(store.logsWindow('job1', { ...window, minLevel: 'WARNING' }))).toEqual([3, 4]);
	expect(seqs(store.logsWindow('job1', { ...window, minLevel: 'DEBUG' }))).toEqual([1, 2, 3, 4]);
	expect(store.logsWindow('job1', window)).toHaveLength(5);
});

test('a refused append stores nothing, keeps the cursor, and does not move the progress', () => {
	store.append('job1', sampleRecords(1, 2), { source: 'poll', position: 'p2' });
	const broken = [...sampleRecords(3, 4), record('not a number')];
	expect(() => store.append('job1', broken, { source: 'poll', position: 'p5' })).toThrow();
	expect(store.logBounds('job1').last).toBe(2);
	expect(store.progress('job1', 'poll')).toBe('p2');
	expect(store.append('job1', sampleRecords(3, 3))).toBe(3);
});

test('a reopened store goes on with the next cursor', () => {
	store.append('job1', sampleRecords(1, 2));
	store.close();
	store = Store.open(directory);
	expect(store.append('job1', sampleRecords(3, 3))).toBe(3);
});

test('the bounds follow when the oldest records are gone', () => {
	store.append('job1', sampleRecords(1, 5));
	const database = new DatabaseSync(join(directory, 'signalbox.db'));
	database.exec('DELETE FROM logs WHERE seq <= 3');
	database.close();
	expect(store.logBounds('job1')).toEqual({ first: 4, last: 5 });
	expect(seqs(store.logsBefore('job1', 5, 10))).toEqual([4]);
});

test('an unknown job is named', () => {
	expect(() => store.append('nobody', [])).toThrow('No training job found with ID: nobody');
});
