import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ApiLog } from '../../../source/contract/log.ts';
import { LogMirror } from '../../../source/planes/baseten/log-mirror.ts';
import { Store } from '../../../source/store/store.ts';
import { LogBook } from '../../double/log-book.ts';
import { sampleJob, sampleRequest } from '../../store/samples.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const createdMs = Date.parse('2026-11-24T12:00:00Z');

const lineAt = (ns: bigint, message: string, replica = 'g00r0'): ApiLog => ({
	timestamp: String(ns),
	message,
	replica,
	request_id: null,
	level: null,
});
const nsOf = (ms: number, ns = 0): bigint => BigInt(ms) * 1_000_000n + BigInt(ns);

/** A mirror of a book, and a clock that moves when told. */
class Site {
	readonly store: Store;
	readonly book: LogBook;
	nowMs = createdMs;
	requests = 0;
	/** Requests from now on that fail. */
	failing = 0;
	mirror: LogMirror;

	constructor(endIsIncluded = false) {
		this.store = Store.open(temporaryDirectory());
		this.store.insertJob(sampleJob('j'), sampleRequest(), []);
		this.book = new LogBook({ endIsIncluded });
		this.mirror = this.#newMirror();
	}

	#newMirror(): LogMirror {
		return new LogMirror({
			store: this.store,
			jobId: 'j',
			createdMs,
			now: () => this.nowMs,
			source: async (query) => {
				this.requests += 1;
				if (this.failing > 0) {
					this.failing -= 1;
					throw new Error('503');
				}
				return this.book.answer(query, this.nowMs);
			},
		});
	}

	/** As after the end of a process: only what is in the store is left. */
	restart(): void {
		this.mirror = this.#newMirror();
	}

	write(ms: number, message: string, { late = 0, ns = 0, replica = 'g00r0' } = {}): void {
		this.book.write({ ...lineAt(nsOf(ms, ns), message, replica), visibleMs: ms + late });
	}

	async readAll(): Promise<void> {
		await this.mirror.poll(true);
		while (!this.mirror.isWhole) await this.mirror.readOlder();
	}

	/** The mirrored messages in the order of their cursors. */
	messages(): string[] {
		const { first, last } = this.store.logBounds('j');
		return this.store.logsAfter('j', first - 1, last - first + 1).map(({ message }) => message);
	}
}

const openSite = (endIsIncluded = false): Site => {
	const site = new Site(endIsIncluded);
	onTestFinished(() => site.store.close());
	return site;
};

const numbered = (from: number, to: number): string[] =>
	Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

describe.each([true, false])('an API whose end is included: %s', (endIsIncluded) => {
	test('a log that was written before is read newest first, and whole in the end', async () => {
		const site = openSite(endIsIncluded);
		for (let n = 1; n <= 3500; n += 1) site.write(createdMs + n, `line ${n}`);
		site.nowMs = createdMs + 60_000;
		await site.mirror.poll();
		expect(site.requests).toBe(1);
		const first = site.messages();
		expect(first.at(-1)).toBe('line 3500');
		expect(first.length).toBeGreaterThan(990);
		await site.readAll();
		expect(site.messages()).toEqual(numbered(1, 3500));
	});

	test('a line that ended by CR LF is a line, and no redraw', async () => {
		const site = openSite(endIsIncluded);
		site.write(createdMs + 1, 'from elsewhere\r');
		site.write(createdMs + 1, 'from elsewhere\r');
		site.nowMs = createdMs + 1000;
		expect(await site.mirror.poll()).toBe(2);
		site.nowMs += 500;
		expect(await site.mirror.poll()).toBe(0);
		expect(site.messages()).toEqual(['from elsewhere', 'from elsewhere']);
	});

	test('polls add each line once, also equal lines of one nanosecond', async () => {
		const site = openSite(endIsIncluded);
		await site.mirror.poll();
		for (let n = 1; n <= 5; n += 1) site.write(createdMs + 1000, 'same');
		site.nowMs += 1_000;
		expect(await site.mirror.poll()).toBe(5);
		site.nowMs += 500;
		expect(await site.mirror.poll()).toBe(0);
		site.write(createdMs + 1000, 'same', { late: 800 });
		site.nowMs += 500;
		expect(await site.mirror.poll()).toBe(1);
		expect(site.messages()).toEqual(Array(6).fill('same'));
	});

	test('1900 lines of one millisecond are all read', async () => {
		const site = openSite(endIsIncluded);
		await site.mirror.poll();
		for (let n = 1; n <= 1900; n += 1) {
			site.write(createdMs + 1000, `line ${n}`, { ns: n });
		}
		site.nowMs += 2_000;
		await site.mirror.poll();
		expect(site.messages()).toEqual(numbered(1, 1900));
		await site.readAll();
		expect(site.messages()).toHaveLength(1900);
	});

	test('what a millisecond has beyond that is told, once', async () => {
		const site = openSite(endIsIncluded);
		await site.mirror.poll();
		for (let n = 1; n <= 2500; n += 1) {
			site.write(createdMs + 1000, `line ${n}`, { ns: n });
		}
		site.write(createdMs + 1001, 'after');
		site.nowMs += 2_000;
		await site.mirror.poll();
		site.nowMs += 11_000;
		await site.mirror.poll();
		const notes = site
			.messages()
			.filter((message) => message.startsWith('[plane] lines are missing'));
		expect(notes).toHaveLength(1);
		expect(site.messages().length).toBeGreaterThan(2000);
		expect(site.messages()).toContain('after');
	});
});

test('a job that was silent for a day and ended days ago is found', async () => {
	const site = openSite();
	const day = 24 * 3_600_000;
	site.write(createdMs + 1000, 'first');
	site.write(createdMs + day, 'second');
	site.nowMs = createdMs + 4 * day;
	await site.mirror.poll();
	expect(site.messages()).toEqual(['second']);
	await site.readAll();
	expect(site.messages()).toEqual(['first', 'second']);
});

test('after a pause of hours everything in between is read', async () => {
	const site = openSite();
	site.write(createdMs + 1, 'before');
	site.nowMs += 1_000;
	await site.mirror.poll();
	for (let n = 0; n < 2500; n += 1) site.write(createdMs + 10_000 + n * 9_000, `line ${n}`);
	site.restart();
	site.nowMs += 7 * 3_600_000;
	await site.mirror.poll();
	expect(site.messages()).toEqual(['before', ...numbered(0, 2499)]);
});

test('a line that the API shows a minute late is added behind the others', async () => {
	const site = openSite();
	await site.mirror.poll();
	site.write(createdMs + 1_000, 'late', { late: 59_000 });
	for (let second = 1; second <= 80; second += 1) {
		site.write(createdMs + second * 1_000, `line ${second}`);
		site.nowMs = createdMs + second * 1_000;
		await site.mirror.poll();
	}
	expect(site.messages().toSorted()).toEqual([...numbered(1, 80), 'late'].toSorted());
	expect(site.messages().indexOf('late')).toBeGreaterThan(55);
});

test('a quiet log costs one request a poll', async () => {
	const site = openSite();
	await site.readAll();
	site.requests = 0;
	for (let n = 0; n < 50; n += 1) {
		site.nowMs += 5_000;
		await site.mirror.poll();
	}
	expect(site.requests).toBe(50);
});

test('readers at the same time do not double anything', async () => {
	const site = openSite();
	for (let n = 1; n <= 3500; n += 1) site.write(createdMs + n, `line ${n}`);
	site.nowMs += 10_000;
	const { mirror } = site;
	const all = (): Promise<unknown> =>
		Promise.all([mirror.poll(), mirror.poll(true), mirror.readOlder(), mirror.readOlder()]);
	await all();
	for (let n = 3501; n <= 3600; n += 1) site.write(site.nowMs, `line ${n}`, { ns: n });
	site.nowMs += 1_000;
	await all();
	await site.readAll();
	expect(site.messages()).toEqual(numbered(1, 3600));
});

const eventArbitrary = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constant('write' as const),
			count: fc.integer({ min: 1, max: 8 }),
			/** Few different values, so that equal lines and times are frequent. */
			backMs: fc.integer({ min: 0, max: 3 }),
			late: fc.constantFrom(0, 0, 0, 30, 2_500, 40_000, 59_000),
			ns: fc.integer({ min: 0, max: 1 }),
			node: fc.integer({ min: 0, max: 1 }),
			message: fc.constantFrom('a', 'b', 'c'),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('burst' as const),
			count: fc.integer({ min: 900, max: 2_200 }),
			/** Lines that share a ms. */
			perMs: fc.constantFrom(1, 7, 400, 1_000, 1_500),
		}),
	},
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constant('wait' as const),
			ms: fc.constantFrom(1, 40, 500, 5_000, 30_000, 9_000_000),
		}),
	},
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant('poll' as const) }) },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant('older' as const) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('fail' as const),
			requests: fc.integer({ min: 1, max: 3 }),
		}),
	},
);

type Event = typeof eventArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

const keyOf = (timestamp: string, replica: string | null, message: string): string =>
	`${timestamp} ${replica?.replace('g00r', '')} ${message}`;

/** What one list has more often than the other. */
const differenceOf = (seen: readonly string[], written: readonly string[]) => {
	const counts = new Map<string, number>();
	for (const key of written) counts.set(key, (counts.get(key) ?? 0) + 1);
	for (const key of seen) counts.set(key, (counts.get(key) ?? 0) - 1);
	const keys = (sign: number): string[] =>
		[...counts].flatMap(([key, count]) => (Math.sign(count) === sign ? [key] : []));
	return { missing: keys(1), extra: keys(-1) };
};

const carryOut = async (site: Site, event: Event): Promise<void> => {
	switch (event.kind) {
		case 'write':
			for (let n = 0; n < event.count; n += 1) {
				const { late, ns, node, message } = event;
				const ms = Math.max(createdMs, site.nowMs - event.backMs);
				site.write(ms, message, { late, ns, replica: `g00r${node}` });
			}
			break;
		case 'burst':
			for (let n = 0; n < event.count; n += 1) {
				site.write(site.nowMs + Math.floor(n / event.perMs), `burst ${n}`, { ns: n % 1_000 });
			}
			// Another one begins in a ms of its own: two pages are all that can be seen of one.
			site.nowMs += Math.ceil(event.count / event.perMs);
			break;
		case 'wait':
			site.nowMs += event.ms;
			break;
		case 'fail':
			site.failing = event.requests;
			break;
		case 'restart':
			site.restart();
			break;
		case 'poll':
			await site.mirror.poll().catch(() => {});
			break;
		case 'older':
			await site.mirror.readOlder().catch(() => {});
	}
};

test('through any history and any fault, what was written is delivered, once each', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(eventArbitrary, { minLength: 5, maxLength: 60 }),
			fc.boolean(),
			async (events, endIsIncluded) => {
				const site = new Site(endIsIncluded);
				try {
					for (const event of events) {
						await carryOut(site, event);
						// A mirror that nobody drives for longer than lines are late may miss late ones;
						// whoever watches drives it.
						if (event.kind === 'wait') await site.mirror.poll().catch(() => {});
					}
					site.failing = 0;
					for (let n = 0; n < 8; n += 1) {
						site.nowMs += 10_000;
						await site.mirror.poll();
					}
					await site.readAll();
					const { first, last } = site.store.logBounds('j');
					const delivered = site.store.logsAfter('j', first - 1, last - first + 1);
					const written = site.book.lines.map(({ timestamp, replica, message }) =>
						keyOf(timestamp, replica, message),
					);
					const seen = delivered.map(({ timestamp, replica, message }) =>
						keyOf(timestamp, replica, message),
					);
					expect(differenceOf(seen, written)).toEqual({ missing: [], extra: [] });
					expect(delivered.map(({ seq }) => seq)).toEqual(
						Array.from({ length: delivered.length }, (_, index) => first + index),
					);
				} finally {
					site.store.close();
				}
			},
		),
		{ numRuns: 100 },
	);
}, 120_000);
