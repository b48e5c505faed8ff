import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findProgram } from '../source/ssh/find-program.ts';
import { lineText } from './children/lines.ts';
import { type Figure, median, told } from './figures.ts';
import { openTerminal } from './terminal.ts';

const lines = 1_000_000;
const rounds = 5;
/** Matches one line in thousand, and has to be looked for in each. */
const pattern = 'loss 0\\.3[0-9]00 .*tokens/s 150[0-9]{3}';

/** A pattern over a million lines, by the programs that people use for it today. */
export const measureSearch = async (): Promise<readonly Figure[]> => {
	const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
	try {
		const file = join(folder, 'log');
		await writeLog(file);
		const grep = await repeat(() => byGrep(file));
		const hasLess = findProgram('less', (process.env['PATH'] ?? '').split(delimiter));
		const less = hasLess === undefined ? null : await repeat(() => byLess(file));
		return [
			{
				what: 'a pattern over 1 M lines in a file: grep -cE',
				measured: told(grep, 'ms'),
				beside:
					less === null ? 'less: not installed' : `less +G, then ?pattern ${told(less, 'ms')}`,
				goal: '-',
				reached: true,
				numbers: { grepMs: median(grep), ...(less === null ? {} : { lessMs: median(less) }) },
			},
		];
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

const writeLog = async (path: string): Promise<void> => {
	const file = createWriteStream(path);
	for (let line = 0; line < lines; line += 10_000) {
		const texts = Array.from({ length: 10_000 }, (_, index) => `${lineText(line + index)}\n`);
		if (!file.write(texts.join(''))) await once(file, 'drain');
	}
	file.end('the last line\n');
	await once(file, 'close');
};

/** Ms of each round; one before them warms the caches. */
const repeat = async (work: () => Promise<number>): Promise<number[]> => {
	await work();
	const times: number[] = [];
	for (let round = 0; round < rounds; round += 1) times.push(await work());
	return times;
};

const byGrep = async (file: string): Promise<number> => {
	const start = performance.now();
	// Into /dev/null grep would stop at the first match.
	const child = spawn('grep', ['-cE', pattern, file], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [count] = await Promise.all([text(child.stdout), once(child, 'exit')]);
	if (Number(count) === 0) throw new Error('grep found nothing');
	return performance.now() - start;
};

/** From the end of the log upwards to a line that is only at its beginning. */
const byLess = async (file: string): Promise<number> => {
	const terminal = openTerminal('less', ['+G', file], { env: { LESS: '', LESSHISTFILE: '-' } });
	try {
		await terminal.seen(/the last line/);
		const start = Date.now();
		terminal.write('?^.{0,5}step 7 loss\r');
		return (await terminal.seen(/step 7 loss 0\.3007/)) - start;
	} finally {
		await terminal.close();
	}
};
