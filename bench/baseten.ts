import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createApi } from '../source/api/rest-client.ts';
import { remoteDirectory } from '../source/commands/baseten-host.ts';
import { readServerFile, readToken } from '../source/commands/server-file.ts';
import { BasetenDouble } from '../test/double/baseten-double.ts';
import { type Figure, median, quantile } from './figures.ts';
import type { Arrival } from './line-counter.ts';
import { isBurst, type Load, loads, totalOf } from './load.ts';
import { lagsOf, numberedLine, readLoss } from './loss.ts';
import { findRival, rivals, trussPort } from './rivals.ts';
import { columns, openTerminal, program, rows } from './terminal.ts';
import { watchRival } from './watch-rival.ts';

/** The slowest poll is 0.5 s apart while lines flow; a line waits for half of that on average. */
const goalMs = 750;
const ready = /ready to write/;

/** From Baseten's API, which can only be polled, to the screen, and to what people have instead. */
export const measureBaseten = async (): Promise<readonly Figure[]> => {
	const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
	const double = await BasetenDouble.listen(trussPort).catch(() => BasetenDouble.listen());
	const port = Number(new URL(double.url).port);
	try {
		const figures: Figure[] = [];
		for (const [at, load] of loads.entries()) {
			const home = join(folder, String(at));
			await mkdir(home);
			const own = await throughScreen(double, load, { jobId: `own${at}`, home });
			const beside: string[] = [];
			const numbers: Record<string, number> = numbersOf('screen', own);
			for (const rival of rivals) {
				const found = await findRival(rival, port);
				if ('missing' in found) {
					beside.push(`${rival.name}: ${found.missing}`);
					continue;
				}
				const jobId = `${rival.program}${at}`;
				announce(double, jobId);
				const arrival = await watchRival({
					command: found.command,
					words: rival.words(jobId),
					env: { HOME: home, ...rival.env({ url: double.url, key: double.key }) },
					ready,
					write: () => write(double, jobId, load),
					total: totalOf(load),
				});
				beside.push(`${rival.name}: ${textOf(arrival, load)}`);
				Object.assign(numbers, numbersOf(rival.program, arrival));
			}
			figures.push({
				what: `Baseten's API -> screen of ${columns}x${rows}, ${load.name}`,
				measured: textOf(own, load),
				beside: beside.join('; '),
				goal: isBurst(load) ? '0, 0' : `0, 0; p50 <= ${goalMs} ms`,
				reached:
					own.lost === 0 && own.doubled === 0 && (isBurst(load) || median(own.lags) <= goalMs),
				numbers,
			});
		}
		return figures;
	} finally {
		double.close();
		await rm(folder, { recursive: true, force: true });
	}
};

const textOf = ({ lost, doubled, lags, tailMs }: Arrival, load: Load): string => {
	const exact = `${lost} lost, ${doubled} doubled`;
	if (isBurst(load)) {
		const tail = Number.isNaN(tailMs) ? 'never seen' : `${tailMs} ms after it was written`;
		return `${exact}; the last line ${tail}`;
	}
	return `p50 ${median(lags).toFixed(0)} ms, p99 ${quantile(lags, 0.99)} ms; ${exact}`;
};

const numbersOf = (
	name: string,
	{ lost, doubled, lags, tailMs }: Arrival,
): Record<string, number> => ({
	[`${name}Lost`]: lost,
	[`${name}Doubled`]: doubled,
	[`${name}P50Ms`]: median(lags),
	[`${name}P99Ms`]: quantile(lags, 0.99),
	[`${name}TailMs`]: tailMs,
});

/** A job whose log has a line in it already, for programs that wait for a first one. */
const announce = (double: BasetenDouble, jobId: string): void => {
	double.addJob(jobId);
	double.addSession(jobId, 0);
	double.print(jobId, 'ready to write');
};

/** Lines of a load, each to be seen from its time on; resolves when the last one can be. */
const write = async (double: BasetenDouble, jobId: string, load: Load): Promise<void> => {
	const start = Date.now();
	const total = totalOf(load);
	for (let line = 0; line < total; line += 1) {
		const ns = BigInt(start) * 1_000_000n + BigInt(Math.round((line / load.perSecond) * 1e9));
		const visibleMs = Number(ns / 1_000_000n);
		const message = `L${line} ${visibleMs}`;
		const rest = { replica: 'g00r0', request_id: null, level: null };
		double.jobs.get(jobId)?.book.write({ timestamp: String(ns), message, visibleMs, ...rest });
	}
	await delay(start + (total / load.perSecond) * 1_000 - Date.now());
};

/** The real program in a terminal, against a remote of `.trussrc`. */
const throughScreen = async (
	double: BasetenDouble,
	load: Load,
	{ jobId, home }: { readonly jobId: string; readonly home: string },
): Promise<Arrival> => {
	const total = totalOf(load);
	const section = `[work]\nremote_url=${double.url}\napi_key=${double.key}\n`;
	await writeFile(join(home, '.trussrc'), section, { mode: 0o600 });
	announce(double, jobId);
	const data = join(home, 'data');
	const seen = new Map<number, number>();
	const terminal = openTerminal(
		process.execPath,
		[program, jobId, '--remote', 'work', '--data-dir', data],
		{
			env: { HOME: home, BASETEN_BASE_URL: double.url },
			onText: (whole, at) => {
				for (const [, line] of whole.matchAll(numberedLine)) {
					if (!seen.has(Number(line))) seen.set(Number(line), at);
				}
			},
		},
	);
	try {
		await terminal.seen(ready);
		await write(double, jobId, load);
		await terminal.seen(new RegExp(`L${total - 1} \\d{13}`), 30_000);
		// Doubles would come with a later look at the same minute.
		await delay(12_000);
		const server = readServerFile(remoteDirectory(data, 'work'));
		if (!server) throw new Error('the program serves no copy of the log');
		const api = createApi({ url: server.url, token: (await readToken(server.token_file)).trim() });
		const loss = await readLoss({ api, project: 'proj1', job: jobId }, terminal, total);
		const lags = lagsOf(loss.written, seen);
		return {
			lags,
			tailMs: lags[0] ?? Number.NaN,
			lost: loss.lost + Math.max(0, loss.stored - loss.shown),
			doubled: loss.doubled,
		};
	} finally {
		await terminal.close();
	}
};
