import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Figure, median, spread, times } from './figures.ts';
import { openTerminal, program } from './terminal.ts';

const lines = 500_000;
const rounds = 3;
/** Lines per second, until the last one is on the screen. */
const goal = 100_000;
const children = join(import.meta.dirname, 'children');

/** How fast the program takes lines in with its screen up, beside a reader without any. */
export const measureIngest = async (): Promise<readonly Figure[]> => {
	const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
	const server = fork(join(children, 'canned-server.ts'), [String(lines)]);
	try {
		const [{ port }] = (await once(server, 'message')) as [{ port: number }];
		const url = `http://127.0.0.1:${port}`;
		const go = async (): Promise<number> => {
			server.send('go');
			const [{ sentAt }] = (await once(server, 'message')) as [{ sentAt: number }];
			return sentAt;
		};
		const screen: number[] = [];
		const bare: number[] = [];
		const memory: number[] = [];
		for (let round = 0; round <= rounds; round += 1) {
			const shown = await throughScreen({ folder, url, go });
			const read = await throughReader({ folder, url, go });
			// Round 0 is the warm-up.
			if (round === 0) continue;
			screen.push(shown.perSecond);
			memory.push(shown.residentMb);
			bare.push(read);
		}
		const ratio = times(median(bare), median(screen));
		return [
			{
				what: `ingest with the screen live, ${thousands(lines)} lines`,
				measured: `${rates(screen)}, then ${median(memory).toFixed(0)} MB`,
				beside: `the feed read and parsed alone ${rates(bare)}: ${ratio}`,
				goal: `>= ${thousands(goal)} lines/s`,
				reached: median(screen) >= goal,
				numbers: {
					screenPerSecond: median(screen),
					barePerSecond: median(bare),
					residentMb: median(memory),
				},
			},
		];
	} finally {
		server.disconnect();
		await rm(folder, { recursive: true, force: true });
	}
};

type Way = { readonly folder: string; readonly url: string; readonly go: () => Promise<number> };

/** Lines per second from the first byte until the last line is drawn, and the memory after it. */
const throughScreen = async ({
	folder,
	url,
	go,
}: Way): Promise<{ readonly perSecond: number; readonly residentMb: number }> => {
	const tokenFile = join(folder, 'token');
	await writeFile(tokenFile, 'canned', { mode: 0o600 });
	const words = [program, 'canned', '--url', url, '--token-file', tokenFile];
	const terminal = openTerminal(process.execPath, words, { env: { HOME: folder } });
	try {
		await terminal.seen(/live/);
		await delay(500);
		const start = await go();
		const end = await terminal.seen(new RegExp(`L${lines} `));
		const status = await readFile(`/proc/${terminal.pid}/status`, 'utf8').catch(() => '');
		const residentMb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1000;
		return { perSecond: (lines / (end - start)) * 1000, residentMb };
	} finally {
		await terminal.close();
	}
};

const throughReader = async ({ folder, url, go }: Way): Promise<number> => {
	const result = join(folder, 'result.json');
	const feed = `${url}/v1/training_projects/p1/jobs/canned/logs/stream`;
	const terminal = openTerminal(process.execPath, [
		join(children, 'bare-reader.ts'),
		...[result, feed, String(lines)],
	]);
	try {
		await terminal.seen(/reading/);
		await delay(500);
		const start = await go();
		await terminal.ended;
		const { doneAt } = JSON.parse(await readFile(result, 'utf8')) as { doneAt: number };
		return (lines / (doneAt - start)) * 1000;
	} finally {
		await terminal.close();
	}
};

const thousands = (count: number): string =>
	Math.round(count).toLocaleString('fr').replaceAll(' ', ' ');

const rates = (values: readonly number[]): string =>
	`${thousands(median(values) / 1000)} k lines/s (${spread(
		values.map((value) => value / 1000),
		0,
	)})`;
