import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { compileFilter, everyLine, type LineFilter } from '../../source/contract/line-filter.ts';
import { type Found, lookThrough, recordsThrough } from '../../source/server/log-look.ts';
import { Store } from '../../source/store/store.ts';
import { sampleJob, sampleMs, sampleRequest } from '../store/samples.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startTestServer, testJobPath } from './test-server.ts';

const recordOf = (number: number) => ({
	timestamp: `${sampleMs + number}000000`,
	message: `step ${number} ${number % 10 === 0 ? '\x1b[31mloss\x1b[0m' : 'loss'} ${number % 7}`,
	replica: String(number % 2),
	level: number % 50 === 0 ? 'ERROR' : null,
});

const openStore = (count: number): Store => {
	const store = Store.open(temporaryDirectory());
	onTestFinished(() => store.close());
	store.insertJob(sampleJob('job1'), sampleRequest(), []);
	const records = Array.from({ length: count }, (_, index) => recordOf(index + 1));
	for (let at = 0; at < count; at += 5_000) store.append('job1', records.slice(at, at + 5_000));
	return store;
};

/** All looks that it takes to get from a cursor to the end of the log. */
const lookAll = (
	store: Store,
	request: { seq: number; direction: 'up' | 'down'; limit: number; filter: LineFilter },
	now: () => number,
): readonly Found<number>[] => {
	const looks: Found<number>[] = [];
	let { seq } = request;
	for (;;) {
		const look = lookThrough(store, { jobId: 'job1', ...request, seq }, now);
		if (look.from > look.to) return looks;
		looks.push(look);
		seq = request.direction === 'up' ? look.to + 1 : look.from - 1;
	}
};

test('looks that follow each other find every line once, whatever ends them', () => {
	const store = openStore(3_000);
	const filters: LineFilter[] = [
		everyLine,
		{ ...everyLine, node: 1 },
		{ ...everyLine, level: 'ERROR' },
		{ ...everyLine, include: [{ text: 'loss 3$', isPlain: false }] },
		{
			node: 0,
			level: null,
			include: [{ text: 'loss', isPlain: true }],
			exclude: [{ text: 'step \\d*[1-4]0 ', isPlain: false }],
		},
	];
	fc.assert(
		fc.property(
			fc.constantFrom(...filters),
			fc.integer({ min: -5, max: 3_005 }),
			fc.constantFrom('up' as const, 'down' as const),
			fc.integer({ min: 1, max: 1_000 }),
			fc.boolean(),
			(filter, start, direction, limit, isSlow) => {
				let ms = 0;
				// A clock on which each look is late after its first block.
				const now = (): number => {
					ms += isSlow ? 100 : 0;
					return ms;
				};
				const looks = lookAll(store, { seq: start, direction, limit, filter }, now);
				const isWanted = compileFilter(filter);
				const expected: number[] = [];
				for (let seq = 1; seq <= 3_000; seq++) {
					const isAhead = direction === 'up' ? seq >= start : seq <= start;
					if (isAhead && isWanted(recordOf(seq))) expected.push(seq);
				}
				const found = looks.flatMap(({ items }) => items).toSorted((a, b) => a - b);
				expect(found).toEqual(expected);
				for (const { items } of looks) expect(items.length).toBeLessThanOrEqual(limit);
				if (isSlow) for (const { from, to } of looks) expect(to - from).toBeLessThan(512 + 6);
			},
		),
		{ numRuns: 40 },
	);
});

test('a look brings no more text than readers hold', () => {
	const store = Store.open(temporaryDirectory());
	onTestFinished(() => store.close());
	store.insertJob(sampleJob('job1'), sampleRequest(), []);
	const message = 'x'.repeat(60_000);
	store.append(
		'job1',
		Array.from({ length: 100 }, () => ({ ...recordOf(1), message })),
	);
	const request = {
		jobId: 'job1',
		seq: 1,
		direction: 'up',
		limit: 1_000,
		filter: everyLine,
	} as const;
	expect(lookThrough(store, request).items.length).toBe(17);
	expect(recordsThrough(store, request)).toMatchObject({ from: 1, to: 17 });
	const down = recordsThrough(store, { ...request, seq: 50, direction: 'down' });
	expect(down).toMatchObject({ from: 34, to: 50 });
	expect(down.items.map(({ seq }) => seq)).toEqual(Array.from({ length: 17 }, (_, at) => 34 + at));
});

test('pages, matches and places by HTTP', async () => {
	const server = await startTestServer();
	onTestFinished(() => server.close());
	server.store.append(
		'job1',
		Array.from({ length: 100 }, (_, index) => recordOf(index + 1)),
	);
	const get = async (path: string, query: object): Promise<unknown> => {
		const text = new URLSearchParams(
			Object.entries(query).map(([name, value]): [string, string] => [
				name,
				typeof value === 'object' ? JSON.stringify(value) : String(value),
			]),
		);
		const response = await server.request('GET', `${testJobPath}/logs/${path}?${text}`);
		return response.status === 200 ? response.json() : [response.status, await response.text()];
	};
	const errors = { level: 'ERROR' };
	const bounds = { first: 1, last: 100 };
	expect(await get('matches', { after: 0, limit: 5, filter: errors })).toEqual({
		...{ seqs: [50, 100], from: 1, to: 100 },
		...bounds,
	});
	expect(await get('matches', { before: 100, limit: 1, filter: errors })).toEqual({
		...{ seqs: [50], from: 50, to: 99 },
		...bounds,
	});
	expect(await get('page', { around: 50, limit: 4, filter: { node: 0 } })).toMatchObject({
		records: [{ seq: 46 }, { seq: 48 }, { seq: 50 }, { seq: 52 }],
		from: 46,
		to: 52,
	});
	expect(await get('cursor', { time: sampleMs + 30 })).toEqual({ seq: 30 });
	expect(await get('cursor', { time: sampleMs + 101 })).toEqual({ seq: null });
	const bad = { include: [{ text: '(', isPlain: false }] };
	expect(await get('page', { filter: bad })).toEqual([
		400,
		expect.stringContaining('not a regular expression: unterminated group'),
	]);
	expect(await get('page', { before: 1, around: 2 })).toEqual([
		400,
		expect.stringContaining('before: can not be combined with around'),
	]);
	expect(await get('page', { filter: '{' })).toEqual([
		400,
		expect.stringContaining('not valid JSON'),
	]);
});
