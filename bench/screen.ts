import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { createTrainingJobSchema } from '../source/contract/training-job.ts';
import { type Figure, median } from './figures.ts';
import { openSite } from './site.ts';

const perSecond = 200;
const seconds = 10;
const columns = 160;
const rows = 48;
const cli = join(import.meta.dirname, '..', 'dist', 'cli.js');

/** Prints numbered lines at a steady rate, each with the time at which it was written. */
const script = `let n = 0; const start = Date.now();
const timer = setInterval(() => {
	const due = Math.min(${perSecond * seconds}, Math.floor((Date.now() - start) * ${perSecond} / 1000));
	while (n < due) console.log('L' + n++ + ' ' + Date.now());
	if (n === ${perSecond * seconds}) clearInterval(timer);
}, 5);`;

/** From a node's write to the bytes that draw the line on a real terminal's other end. */
export const measureScreen = async (): Promise<readonly Figure[]> => {
	const site = await openSite();
	try {
		const tokenFile = join(site.folder, 'viewer-token');
		await writeFile(tokenFile, site.token, { mode: 0o600 });
		const { id: project } = await site.api.createProject('bench');
		const command = `while [ ! -f go ]; do sleep 0.05; done; node -e "${script.replaceAll('"', '\\"').replaceAll('$', '\\$')}"; sleep 60`;
		const request = createTrainingJobSchema.parse({ runtime: { start_commands: [command] } });
		const job = await site.api.createJob(project, request);
		while (site.node(job).container !== 'running') await delay(20);

		const env = { ...process.env, TERM: 'xterm-256color' } as Record<string, string>;
		const words = [cli, job.id, '--url', site.url, '--token-file', tokenFile];
		const started = Date.now();
		const terminal = spawn(process.execPath, words, { cols: columns, rows, env });
		const lags = new Map<string, number>();
		let firstPaint = Number.NaN;
		terminal.onData((data) => {
			const at = Date.now();
			if (Number.isNaN(firstPaint) && data.includes(job.id)) firstPaint = at - started;
			for (const [, line = '', written] of stripVTControlCharacters(data).matchAll(
				/L(\d+) (\d{13})/g,
			)) {
				if (!lags.has(line)) lags.set(line, at - Number(written));
			}
		});
		await delay(2_000);
		await writeFile(join(site.node(job).working_directory ?? '', 'go'), '');
		await delay(seconds * 1_000 + 2_000);
		terminal.write('q');
		await delay(500);
		terminal.kill();
		await site.api.stopJob(project, job.id);

		const sorted = [...lags.values()].sort((a, b) => a - b);
		const p50 = median(sorted);
		const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
		return [
			{
				what: `line written -> on screen, ${perSecond} lines/s, ${columns}x${rows}`,
				measured: `p50 ${p50.toFixed(0)} ms, p99 ${p99} ms (${sorted.length} lines seen)`,
				goal: 'p50 <= 40, p99 <= 100 ms',
				reached: p50 <= 40 && p99 <= 100,
			},
			{
				what: 'first paint of signalbox JOB',
				measured: `${firstPaint} ms`,
				goal: '<= 300 ms',
				reached: firstPaint <= 300,
			},
		];
	} finally {
		await site.close();
	}
};
