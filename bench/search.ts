import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { everyLine } from '../source/contract/line-filter.ts';
import { Pattern } from '../source/contract/pattern.ts';
import { stepCharacters } from '../source/monitor/find.ts';
import { LineIndex } from '../source/monitor/line-index.ts';
import { LogRing } from '../source/monitor/log-ring.ts';
import { findProgram } from '../source/ssh/find-program.ts';
import { lineText } from './children/lines.ts';
import { type Figure, median, times, told } from './figures.ts';
import { openTerminal } from './terminal.ts';

const run = promisify(execFile);
const lines = 1_000_000;
const rounds = 5;
const goalMs = 100;
const blockMs = 16;

/** A rare word, a number, two words apart, and one that makes V8's usual engine explode. */
const patterns = [
	{ name: 'a word', ours: 'L999999 ', grep: 'L999999 ' },
	{ name: 'a number', ours: 'loss 0\\.9', grep: 'loss 0\\.9' },
	{ name: 'words apart', ours: 'grad.*nan', grep: 'grad.*nan' },
	{ name: '(a+)+b', ours: '(a+)+b', grep: '(a+)+b' },
] as const;

/** A regular expression over a million lines in memory, in the steps of a screen, beside grep. */
export const measureSearch = async (): Promise<readonly Figure[]> => {
	const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
	const file = join(folder, 'log');
	const ring = await fill(file);
	try {
		const figures: Figure[] = [await fromTheEnd(ring, file)];
		for (const { name, ours, grep } of patterns) {
			const own: number[] = [];
			const other: number[] = [];
			let longest = 0;
			// Round 0 is the warm-up.
			for (let round = 0; round <= rounds; round += 1) {
				const search = searchRing(ring, ours);
				const start = performance.now();
				// 1: no line has it.
				await run('grep', ['-c', '-E', grep, file]).catch((error) => {
					if (error.code !== 1) throw error;
				});
				if (round === 0) continue;
				own.push(search.ms);
				other.push(performance.now() - start);
				longest = Math.max(longest, search.longestMs);
			}
			figures.push({
				what: `regex over 1 M lines in memory: ${name}`,
				measured: `${told(own, 'ms')}, longest step ${longest.toFixed(1)} ms`,
				beside: `grep ${told(other, 'ms')}: ${times(median(own), median(other))}`,
				goal: `<= ${goalMs} ms, no step over ${blockMs} ms`,
				reached: median(own) <= goalMs && longest <= blockMs,
				numbers: { ms: median(own), longestStepMs: longest, grepMs: median(other) },
			});
		}
		return figures;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

/** The same lines in a ring and in a file, without holding them a third time. */
const fill = async (file: string): Promise<LogRing> => {
	const ring = new LogRing({ lines, bytes: 1e9, historyLines: 1, historyBytes: 1 });
	const batch = 1000;
	for (let at = 0; at < lines; at += batch) {
		const texts = Array.from({ length: batch }, (_, index) => lineText(at + index + 1));
		await appendFile(file, `${texts.join('\n')}\n`);
		const records = texts.map((message, index) => ({
			...{ seq: at + index + 1, timestamp: '1790000000000000000', message },
			...{ replica: '0', level: 'INFO' },
		}));
		ring.append(records, null);
	}
	await appendFile(file, 'the last line\n');
	return ring;
};

/** From the end upwards to a line that is only at the beginning: what a reader of `less` waits for. */
const fromTheEnd = async (ring: LogRing, file: string): Promise<Figure> => {
	const what = 'from the end of 1 M lines up to a match in the first ones';
	const own: number[] = [];
	for (let round = 0; round <= rounds; round += 1) {
		const { ms } = searchRing(ring, '^step 7 loss');
		if (round > 0) own.push(ms);
	}
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	const less: number[] = [];
	if (findProgram('less', folders) !== undefined) {
		for (let round = 0; round <= rounds; round += 1) {
			const ms = await byLess(file);
			if (round > 0) less.push(ms);
		}
	}
	return {
		what,
		measured: told(own, 'ms'),
		beside:
			less.length === 0
				? 'less: not installed'
				: `less ${told(less, 'ms')}: ${times(median(own), median(less))}`,
		goal: '-',
		reached: true,
		numbers: { ms: median(own), ...(less.length === 0 ? {} : { lessMs: median(less) }) },
	};
};

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

const searchRing = (ring: LogRing, text: string): { ms: number; longestMs: number } => {
	const start = performance.now();
	const find = new Pattern({ text, isPlain: false });
	const index = new LineIndex(ring, { filter: everyLine, find, isFolded: false });
	let longestMs = 0;
	while (index.isPartial) {
		const before = performance.now();
		index.step(stepCharacters);
		longestMs = Math.max(longestMs, performance.now() - before);
	}
	return { ms: performance.now() - start, longestMs };
};
