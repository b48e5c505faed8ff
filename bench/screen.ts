import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createTrainingJobSchema } from '../source/contract/training-job.ts';
import { type Figure, median, quantile } from './figures.ts';
import { isBurst, type Load, loads, totalOf } from './load.ts';
import { lagsOf, numberedLine, readLoss } from './loss.ts';
import { openSite, type Site } from './site.ts';
import { columns, openTerminal, program, rows } from './terminal.ts';

/** Ms after the last line of a burst at which it has to be on the screen. */
const burstGoalMs = 250;

/** Prints numbered lines at a steady rate, each with the time at which it was written. */
const scriptOf = (load: Load): string => `let n = 0; const start = Date.now();
const timer = setInterval(() => {
	const due = Math.min(${totalOf(load)}, Math.floor((Date.now() - start) * ${load.perSecond} / 1000));
	let text = '';
	while (n < due) text += 'L' + n++ + ' ' + Date.now() + '\\n';
	process.stdout.write(text);
	if (n === ${totalOf(load)}) clearInterval(timer);
}, 5);`;

/** From a node's write to the bytes that draw the line on a real terminal's other end. */
export const measureScreen = async (): Promise<readonly Figure[]> => {
	const site = await openSite();
	try {
		const figures: Figure[] = [];
		for (const load of loads.filter(({ perSecond }) => perSecond !== 300)) {
			figures.push(await measureLoad(site, load));
		}
		return figures;
	} finally {
		await site.close();
	}
};

const measureLoad = async (site: Site, load: Load): Promise<Figure> => {
	const total = totalOf(load);
	const tokenFile = join(site.folder, 'viewer-token');
	const script = join(site.folder, 'print.mjs');
	await writeFile(tokenFile, site.token, { mode: 0o600 });
	await writeFile(script, scriptOf(load));
	const { id: project } = await site.api.createProject('bench');
	const command = `while [ ! -f go ]; do sleep 0.05; done; '${process.execPath}' '${script}'; sleep 60`;
	const request = createTrainingJobSchema.parse({ runtime: { start_commands: [command] } });
	const job = await site.api.createJob(project, request);
	while (site.node(job).container !== 'running') await delay(20);

	const seen = new Map<number, number>();
	const words = [program, job.id, '--url', site.url, '--token-file', tokenFile];
	const terminal = openTerminal(process.execPath, words, {
		onText: (text, at) => {
			for (const [, line] of text.matchAll(numberedLine)) {
				if (!seen.has(Number(line))) seen.set(Number(line), at);
			}
		},
	});
	try {
		await terminal.seen(/live/);
		await delay(500);
		await writeFile(join(site.node(job).working_directory ?? '', 'go'), '');
		await terminal.seen(new RegExp(`L${total - 1} \\d{13}`));
		const loss = await readLoss({ api: site.api, project, job: job.id }, terminal, total);
		const lags = lagsOf(loss.written, seen);
		const missing = loss.lost + Math.max(0, loss.stored - loss.shown);
		const exact = `${missing} lost, ${loss.doubled} doubled`;
		const isExact = missing === 0 && loss.doubled === 0;
		if (isBurst(load)) {
			const tail = lags[0] ?? Number.NaN;
			return {
				what: `${load.name} of a node`,
				measured: `${exact}; last line on screen after ${tail} ms`,
				beside: `${loss.shown} lines in the footer, ${loss.stored} in the store`,
				goal: `0, 0; <= ${burstGoalMs} ms`,
				reached: isExact && tail <= burstGoalMs,
				numbers: { lost: missing, doubled: loss.doubled, tailMs: tail },
			};
		}
		const p50 = median(lags);
		const p99 = quantile(lags, 0.99);
		return {
			what: `line written -> on screen, ${load.name} of a node, ${columns}x${rows}`,
			measured: `p50 ${p50.toFixed(0)} ms, p99 ${p99} ms; ${exact}`,
			beside: `${seen.size} of ${total} lines were drawn, the others passed by between two frames`,
			goal: 'p50 <= 40, p99 <= 100 ms; 0, 0',
			reached: isExact && p50 <= 40 && p99 <= 100,
			numbers: { p50Ms: p50, p99Ms: p99, lost: missing, doubled: loss.doubled },
		};
	} finally {
		await terminal.close();
		await site.api.stopJob(project, job.id);
	}
};
