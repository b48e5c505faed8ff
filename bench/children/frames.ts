import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A little more than the 33 ms of the drawing clock, so that every change becomes a frame. */
const frameMs = 40;
/** Less is no frame of 48 rows, but a cursor that moves or a clock that ticks. */
const leastBytes = 2_000;

export type FrameCosts = {
	/** Ms of CPU for a frame, user and system, all threads: a mean for each round. */
	readonly cpuMs: readonly number[];
	/** Frames that reached the terminal, of those that were to be drawn. */
	readonly drawn: number;
	readonly wanted: number;
};

/** Tells the bytes of each write to the terminal; returns what ends that. */
type Watch = (onWrite: (bytes: number) => void) => () => void;

type Weighing = {
	readonly warmUp: number;
	readonly rounds: number;
	readonly frames: number;
	/** Of a screen that writes past Node's stream. */
	readonly watch?: Watch;
};

const watchStandardOutput: Watch = (onWrite) => {
	const { write } = process.stdout;
	process.stdout.write = ((...given: Parameters<typeof write>) => {
		onWrite(String(given[0]).length);
		return write.apply(process.stdout, given);
	}) as typeof write;
	return () => {
		process.stdout.write = write;
	};
};

/** Draws frame after frame and weighs what that costs this process. */
export const weighFrames = async (
	draw: () => void,
	{ warmUp, rounds, frames, watch = watchStandardOutput }: Weighing,
): Promise<FrameCosts> => {
	let drawn = 0;
	const unwatch = watch((bytes) => {
		if (bytes >= leastBytes) drawn += 1;
	});
	const run = async (count: number): Promise<void> => {
		for (let frame = 0; frame < count; frame += 1) {
			draw();
			await delay(frameMs);
		}
	};
	await run(warmUp);
	drawn = 0;
	const cpuMs: number[] = [];
	for (let round = 0; round < rounds; round += 1) {
		const before = process.cpuUsage();
		await run(frames);
		const { user, system } = process.cpuUsage(before);
		cpuMs.push((user + system) / 1000 / frames);
	}
	unwatch();
	return { cpuMs, drawn, wanted: rounds * frames };
};

/** Resident memory of this process in MB: the median of some looks, after a pause. */
export const residentMb = async (): Promise<number> => {
	await delay(500);
	const looks: number[] = [];
	for (let look = 0; look < 5; look += 1) {
		await delay(100);
		looks.push(process.memoryUsage.rss() / 1e6);
	}
	return looks.toSorted((a, b) => a - b)[2] ?? Number.NaN;
};

/** Leaves the result for the bench, and ends. */
export const finish = (result: unknown): never => {
	writeFileSync(process.argv[2] ?? '', JSON.stringify(result));
	process.exit(0);
};
