import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figure, median, spread } from './figures.ts';
import { startPlainSshd } from './plain-sshd.ts';
import { openSite } from './site.ts';

const bytes = 2 ** 30;
const rounds = 5;

/** scp of 1 GiB into a node through the ProxyCommand, beside scp into a plain sshd. */
export const measureScp = async (): Promise<readonly Figure[]> => {
	const site = await openSite();
	const plain = await startPlainSshd(join(site.folder, 'plain'));
	try {
		const source = join(site.folder, 'source');
		await writeNoise(source);
		const job = await site.push('on_startup');
		const { args } = await site.enter(job);
		const node = {
			options: args.slice(0, -1).filter((word) => word !== '-A'),
			host: args.at(-1) ?? '',
		};
		const target = join(site.folder, 'target');
		const seconds = async ({ options, host }: { options: readonly string[]; host: string }) => {
			const start = performance.now();
			const child = spawn('scp', [...options, '-q', source, `${host}:${target}`], {
				stdio: ['ignore', 'ignore', 'inherit'],
			});
			const [code] = await once(child, 'exit');
			if (code !== 0) throw new Error(`scp exited with ${code}`);
			await rm(target);
			return (performance.now() - start) / 1000;
		};
		// Warm-up: page cache, and the code of all programs.
		await seconds(plain);
		const pairs: (readonly [plain: number, node: number])[] = [];
		for (let round = 0; round < rounds; round += 1) {
			pairs.push([await seconds(plain), await seconds(node)]);
		}
		const ratios = pairs.map(([own, ours]) => own / ours);
		const rate = (seconds: number): string => `${Math.round(bytes / seconds / 1e6)} MB/s`;
		const ratio = median(ratios);
		return [
			{
				what: 'scp of 1 GiB into a node, of plain sshd',
				measured: `${(ratio * 100).toFixed(0)} % (${spread(ratios, 2)}), ${rate(median(pairs.map(([, ours]) => ours)))}`,
				beside: `plain sshd ${rate(median(pairs.map(([own]) => own)))}`,
				goal: '>= 80 %',
				reached: ratio >= 0.8,
				numbers: { ratio },
			},
		];
	} finally {
		await plain.stop();
		await site.close();
	}
};

/** A file that compression would not shrink. */
const writeNoise = async (path: string): Promise<void> => {
	const block = Buffer.alloc(2 ** 20);
	const file = await open(path, 'w');
	try {
		for (let written = 0; written < bytes; written += block.length) {
			crypto.getRandomValues(new Uint32Array(block.buffer, 0, 2 ** 14));
			await file.write(block);
		}
	} finally {
		await file.close();
	}
};
