import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Figure, median, times, told } from './figures.ts';
import { openSite } from './site.ts';
import { openTerminal, program } from './terminal.ts';

const rounds = 9;
const goalMs = 300;
const production = { NODE_ENV: 'production' };
const children = join(import.meta.dirname, 'children');

/** From the start of a program in a terminal to what it shows first. */
const untilSeen = async (words: readonly string[], first: RegExp): Promise<number> => {
	const terminal = openTerminal(process.execPath, words, { env: production });
	const at = await terminal.seen(first);
	await terminal.close();
	return at - terminal.startedAt;
};

/** How soon the screen of a job shows, beside what Node and Ink alone take. */
export const measureStart = async (): Promise<readonly Figure[]> => {
	const site = await openSite();
	try {
		const tokenFile = join(site.folder, 'viewer-token');
		await writeFile(tokenFile, site.token, { mode: 0o600 });
		const { id } = await site.push('on_startup');
		const starts = {
			screen: { words: [program, id, '--url', site.url, '--token-file', tokenFile], first: id },
			node: { words: ['-e', 'process.stdout.write("up")'], first: 'up' },
			imports: { words: [join(children, 'import-ink.ts')], first: 'up' },
			ink: { words: [join(children, 'paint-ink.ts')], first: 'painted' },
		};
		const taken: Record<keyof typeof starts, number[]> = {
			screen: [],
			node: [],
			imports: [],
			ink: [],
		};
		// Round 0 warms the caches of files and of compiled code.
		for (let round = 0; round <= rounds; round += 1) {
			for (const [name, { words, first }] of Object.entries(starts)) {
				const ms = await untilSeen(words, new RegExp(first));
				if (round > 0) taken[name as keyof typeof starts].push(ms);
				await delay(50);
			}
		}
		const { screen, node, imports, ink } = taken;
		return [
			{
				what: 'first paint of signalbox JOB',
				measured: told(screen, 'ms'),
				beside: [
					`node alone ${told(node, 'ms')}: ${times(median(screen), median(node))}`,
					`node that imports ink and react ${told(imports, 'ms')}`,
					`and paints a line ${told(ink, 'ms')}: ${times(median(screen), median(ink))}`,
				].join('; '),
				goal: `<= ${goalMs} ms`,
				reached: median(screen) <= goalMs,
				numbers: {
					screenMs: median(screen),
					nodeMs: median(node),
					importsMs: median(imports),
					inkMs: median(ink),
				},
			},
		];
	} finally {
		await site.close();
	}
};
