import type { MetricSample, MetricsReply, NodeMetrics } from '../contract/metrics.ts';
import { nodeOfReplica } from '../contract/session.ts';
import { safeText } from './fit.ts';
import type { Segment } from './tone.ts';

const bars = [...'▁▂▃▄▅▆▇█'];

/** The last values as a row of bars. `most`: what the highest bar stands for. */
export const sparkline = (values: readonly number[], width: number, most: number): string =>
	values
		.slice(-width)
		.map((value) => {
			const share = most > 0 ? Math.min(1, Math.max(0, value / most)) : 0;
			return bars[Math.round(share * (bars.length - 1))] ?? '';
		})
		.join('')
		.padStart(width);

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `1.2 GB`, in powers of 1000. */
export const formatBytes = (bytes: number): string => {
	const power = Math.max(
		0,
		Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)),
	);
	const value = bytes / 1000 ** power;
	return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
};

const valuesOf = (series: readonly MetricSample[]): number[] => series.map(({ value }) => value);

/** Sample by sample from the end, what several series have together. */
const sumOf = (series: readonly (readonly number[])[]): number[] => {
	const length = Math.min(...series.map((values) => values.length));
	if (!Number.isFinite(length)) return [];
	return Array.from({ length }, (_, index) =>
		series.reduce((sum, values) => sum + (values[values.length - length + index] ?? 0), 0),
	);
};

const dim = (text: string): Segment => ({ text, tone: 'dim' });

/** A name, the last value in words, and how it came to that. */
const measure = (
	name: string,
	values: readonly number[],
	word: string,
	{ width, most }: { readonly width: number; readonly most: number },
): readonly Segment[] => [
	dim(`  ${name} `),
	{ text: word.padStart(8), tone: 'plain' },
	{ text: ` ${sparkline(values, width, most)}`, tone: 'accent' },
];

const nodeSegments = (
	{ cpu_usage, cpu_memory_usage_bytes, gpu_utilization, gpu_memory_usage_bytes }: NodeMetrics,
	width: number,
): readonly Segment[] => {
	const cores = valuesOf(cpu_usage);
	const memory = valuesOf(cpu_memory_usage_bytes);
	const last = (values: readonly number[]): number => values.at(-1) ?? 0;
	const gpus = Object.values(gpu_utilization).map(valuesOf);
	const gpuMemory = sumOf(Object.values(gpu_memory_usage_bytes).map(valuesOf));
	const utilization = sumOf(gpus).map((sum) => sum / gpus.length);
	const percent = `${Math.round(last(utilization) * 100)} %`;
	const gpuName = gpus.length === 1 ? 'gpu' : `${gpus.length} gpus`;
	return [
		...measure('cpu', cores, last(cores).toFixed(1), { width, most: Math.max(1, ...cores) }),
		...measure('mem', memory, formatBytes(last(memory)), { width, most: Math.max(...memory, 1) }),
		...(gpus.length === 0 ? [] : measure(gpuName, utilization, percent, { width, most: 1 })),
		...(gpuMemory.length === 0
			? []
			: measure('vram', gpuMemory, formatBytes(last(gpuMemory)), {
					width,
					most: Math.max(...gpuMemory, 1),
				})),
	];
};

/** A line for each node: cores, memory and, where there are any, its GPUs. */
export const metricRows = (
	reply: MetricsReply,
	columns: number,
): readonly { readonly node: string; readonly segments: readonly Segment[] }[] => {
	const hasGpus = reply.per_node_metrics.some(
		({ metrics }) => Object.keys(metrics.gpu_utilization).length > 0,
	);
	// What names, values and gaps take; the rest is for the bars.
	const [measures, taken] = hasGpus ? [4, 68] : [2, 34];
	const width = Math.max(0, Math.min(40, Math.floor((columns - taken) / measures)));
	return reply.per_node_metrics.map(({ node_id: id, metrics }) => {
		const node = String(nodeOfReplica(id) ?? safeText(id));
		return {
			node,
			segments: [
				{ text: `   ${node}`, tone: 'plain', strong: true },
				...nodeSegments(metrics, width),
			],
		};
	});
};
