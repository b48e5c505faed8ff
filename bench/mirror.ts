import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openLogFeed } from '../source/client/log-feed.ts';
import { openBasetenHost } from '../source/commands/baseten-host.ts';
import { BasetenDouble } from '../test/double/baseten-double.ts';
import { type Figure, median } from './figures.ts';

/** A burst, and two steady rates for some seconds. */
const loads = [
	{ name: '200 lines/s', perSecond: 200, seconds: 10 },
	{ name: '300 lines/s', perSecond: 300, seconds: 10 },
	{ name: 'a burst of 50 000 lines', perSecond: 50_000, seconds: 1 },
] as const;
/** The slowest poll is 0.5 s apart while lines flow; a line waits for half of that on average. */
const goalMs = 750;

/** From Baseten's API, which can only be polled, to a viewer: what is lost, doubled, and how late. */
export const measureMirror = async (): Promise<readonly Figure[]> => {
	const figures: Figure[] = [];
	for (const load of loads) figures.push(...(await measureLoad(load)));
	return figures;
};

const measureLoad = async ({
	name,
	perSecond,
	seconds,
}: (typeof loads)[number]): Promise<readonly Figure[]> => {
	const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
	const double = await BasetenDouble.listen();
	double.addJob('abc');
	const host = await openBasetenHost(
		{ name: 'bench', url: double.url, token: double.key, scheme: 'Bearer', source: 'bench' },
		{ dataDirectory: folder },
	);
	const seen = new Map<string, number>();
	const lags: number[] = [];
	let received = 0;
	const feed = openLogFeed({
		url: host.url,
		token: host.token,
		projectId: 'proj1',
		jobId: 'abc',
		tail: 10,
		onRecords: (records) => {
			const at = Date.now();
			received += records.length;
			for (const { message } of records) {
				const [number = '', written] = message.split(' ');
				seen.set(number, (seen.get(number) ?? 0) + 1);
				lags.push(at - Number(written));
			}
		},
		onGap: () => {},
		onState: () => {},
	});
	try {
		await delay(2_000);
		const total = perSecond * seconds;
		const start = Date.now();
		for (let line = 0; line < total; line += 1) {
			const ns = BigInt(start) * 1_000_000n + BigInt(Math.round((line / perSecond) * 1e9));
			const visibleMs = Number(ns / 1_000_000n);
			const message = `${line} ${visibleMs}`;
			const rest = { replica: 'g00r0', request_id: null, level: null };
			double.jobs.get('abc')?.book.write({ timestamp: String(ns), message, visibleMs, ...rest });
		}
		const deadline = Date.now() + 60_000;
		while (seen.size < total && Date.now() < deadline) await delay(50);
		const end = Date.now();
		// Doubles would come with a later poll.
		await delay(12_000);
		const lost = total - seen.size;
		const doubled = received - seen.size;
		const exact: Figure = {
			what: `${name}: lost / doubled of ${total}`,
			measured: `${lost} / ${doubled}`,
			goal: '0 / 0',
			reached: lost === 0 && doubled === 0,
		};
		if (perSecond > 1_000) {
			const last = { what: `${name}: last line after the first`, goal: '-', reached: true };
			return [exact, { ...last, measured: `${((end - start) / 1000).toFixed(1)} s` }];
		}
		lags.sort((a, b) => a - b);
		const p99 = lags[Math.floor(lags.length * 0.99)] ?? Number.NaN;
		return [
			exact,
			{
				what: `${name}: written -> viewer`,
				measured: `p50 ${median(lags).toFixed(0)} ms, p99 ${p99} ms`,
				goal: `p50 <= ${goalMs} ms`,
				reached: median(lags) <= goalMs,
			},
		];
	} finally {
		feed.close();
		await host.close();
		double.close();
		await rm(folder, { recursive: true, force: true });
	}
};
