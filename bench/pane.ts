import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { z } from 'zod';
import { openTerminal } from '../test/terminal/harness/open-terminal.ts';
import { type Figure, median, times } from './figures.ts';

const columns = 160;
const rows = 48;
/** Lines a second of a training that says much, and of one that scrolls the pane in each frame. */
const busy = 200;
const flooding = 1_000;
const seconds = 6;
const fixture = join(import.meta.dirname, '..', 'test', 'ui', 'fixtures', 'flooded-screen.mjs');

const toldSchema = z.object({ cpu: z.number(), ms: z.number(), held: z.number() });

const environment = (ink: boolean, perSecond: number): Record<string, string> => ({
	...(process.env as Record<string, string>),
	TERM: 'xterm-256color',
	NODE_ENV: 'production',
	LINES: String(perSecond * seconds),
	LINES_PER_SECOND: String(perSecond),
	INK: ink ? '1' : '0',
});

type Cost = {
	readonly cpu: number;
	readonly bytes: number;
	readonly frames: number;
};

/** Floods the screen on a terminal that reads all at once, and only counts. Per frame. */
const measureFlood = async (ink: boolean, perSecond: number): Promise<Cost> => {
	const terminal = spawn(process.execPath, [fixture], {
		cols: columns,
		rows,
		env: environment(ink, perSecond),
	});
	let output = '';
	let seen = '';
	terminal.onData((data) => {
		output += data;
		// What every terminal says when it is asked whether it is there.
		const [, ...questions] = (seen + data).split('\x1b[5n');
		for (const _ of questions) terminal.write('\x1b[0n');
		seen = data.slice(-3);
	});
	const exited = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
	while (!output.includes('step')) await delay(50);
	await delay(seconds * 1_000 + 1_000);
	const frames = output.split('\x1b[?2026h').length - 1;
	const bytes = Buffer.byteLength(output);
	terminal.write('q');
	await exited;
	const told = toldSchema.parse(JSON.parse(/\{.*\}/.exec(output)?.[0] ?? ''));
	return {
		cpu: told.cpu / frames,
		bytes: bytes / frames,
		frames: (frames / told.ms) * 1_000,
	};
};

const bytesPerSecond = 8_000;
const presses = 12;

/** From a key to the cells that it changes, ms, over 64 kbit/s while the log floods. */
const measureKeys = async (): Promise<readonly number[]> => {
	const terminal = openTerminal({
		command: process.execPath,
		args: [fixture],
		cols: columns,
		rows,
		bytesPerSecond,
		env: { ...environment(false, flooding), LINES: '1000000' },
	});
	try {
		await terminal.waitFor('step 1', 30_000);
		await delay(4_000);
		const took: number[] = [];
		for (let press = 0; press < presses; press++) {
			const at = performance.now();
			terminal.press('space');
			await terminal.waitFor(press % 2 === 0 ? 'paused' : 'follow');
			took.push(performance.now() - at);
			await delay(700);
		}
		return took.sort((a, b) => a - b);
	} finally {
		await terminal.dispose();
	}
};

/** What a frame costs while the log floods, against Ink alone, and how a slow terminal does. */
export const measurePane = async (): Promise<readonly Figure[]> => {
	const full = await measureFlood(false, flooding);
	const fullInk = await measureFlood(true, flooding);
	const part = await measureFlood(false, busy);
	const partInk = await measureFlood(true, busy);
	const keys = await measureKeys();
	const middle = median(keys);
	const cost = ({ cpu, bytes }: Cost): string => `${cpu.toFixed(1)} ms, ${bytes.toFixed(0)} bytes`;
	return [
		{
			what: `CPU of a frame at ${columns}x${rows}, ${flooding} lines/s, the whole program`,
			measured: cost(full),
			beside: `drawn by Ink ${cost(fullInk)}: ${times(full.cpu, fullInk.cpu)}`,
			goal: '<= 12 ms, 60 % of Ink',
			reached: full.cpu <= 12 && full.cpu <= 0.6 * fullInk.cpu,
			numbers: { cpuMs: full.cpu, inkCpuMs: fullInk.cpu },
		},
		{
			what: `bytes of a frame at ${columns}x${rows}, ${busy} lines/s`,
			measured: cost(part),
			beside: `drawn by Ink ${cost(partInk)}: ${times(part.bytes, partInk.bytes)}`,
			goal: 'a third of the bytes',
			reached: part.bytes <= partInk.bytes / 3,
			numbers: { bytes: part.bytes, inkBytes: partInk.bytes },
		},
		{
			what: `frames delivered at ${columns}x${rows}, ${flooding} lines/s`,
			measured: `${full.frames.toFixed(1)}/s`,
			beside: `drawn by Ink ${fullInk.frames.toFixed(1)}/s`,
			goal: '>= 27/s',
			reached: full.frames >= 27,
			numbers: { framesPerSecond: full.frames, inkFramesPerSecond: fullInk.frames },
		},
		{
			what: `key -> shown over 64 kbit/s, ${columns}x${rows}, ${flooding} lines/s`,
			measured: `p50 ${middle.toFixed(0)} ms, longest ${keys.at(-1)?.toFixed(0)} ms of ${presses}`,
			beside: '',
			goal: 'p50 <= 100 ms',
			reached: middle <= 100,
			numbers: { p50Ms: middle, longestMs: keys.at(-1) ?? Number.NaN },
		},
	];
};
