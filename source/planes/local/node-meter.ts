import type { MetricSample, MetricsQuery, NodeMetrics } from '../../contract/metrics.ts';
import { markedProcesses } from './process-table.ts';
import { type ProcessUsage, usageOf } from './process-usage.ts';

/** An hour of samples, one every 5 s. */
const mostSamples = 720;

type Sample = { readonly atMs: number; readonly cores: number | null; readonly bytes: number };

/** Measures what all processes of a node use together. */
export class NodeMeter {
	readonly #marker: string;
	readonly #samples: Sample[] = [];
	#before: { readonly atMs: number; readonly usage: ReadonlyMap<number, ProcessUsage> } | undefined;

	constructor(marker: string) {
		this.#marker = marker;
	}

	/** Takes a sample. `nowMs`: epoch ms. */
	async sample(nowMs: number): Promise<void> {
		const usage = await usageOf(await markedProcesses(this.#marker));
		const before = this.#before;
		this.#before = { atMs: nowMs, usage };
		const bytes = [...usage.values()].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
		const cores =
			before === undefined || nowMs <= before.atMs
				? null
				: (1000 * secondsBetween(before.usage, usage)) / (nowMs - before.atMs);
		this.#samples.push({ atMs: nowMs, cores, bytes });
		if (this.#samples.length > mostSamples) this.#samples.shift();
	}

	/** The samples of a window; GPUs are not measured here. */
	metrics({ start_epoch_millis: from, end_epoch_millis: to }: MetricsQuery): NodeMetrics {
		const chosen = this.#samples.filter(
			({ atMs }) => atMs >= (from ?? 0) && atMs <= (to ?? Number.POSITIVE_INFINITY),
		);
		const series = (read: (sample: Sample) => number | null): MetricSample[] =>
			chosen.flatMap((sample) => {
				const value = read(sample);
				return value === null ? [] : [{ value, timestamp: new Date(sample.atMs).toISOString() }];
			});
		return {
			cpu_usage: series(({ cores }) => cores),
			cpu_memory_usage_bytes: series(({ bytes }) => bytes),
			gpu_utilization: {},
			gpu_memory_usage_bytes: {},
		};
	}
}

/** CPU seconds between two looks. What a process used before it ended unseen is not counted. */
const secondsBetween = (
	before: ReadonlyMap<number, ProcessUsage>,
	after: ReadonlyMap<number, ProcessUsage>,
): number =>
	[...after].reduce(
		(sum, [pid, { cpuSeconds }]) =>
			sum + Math.max(0, cpuSeconds - (before.get(pid)?.cpuSeconds ?? 0)),
		0,
	);
