import { z } from 'zod';

const sampleSchema = z.object({
	value: z.number(),
	/** ISO time. */
	timestamp: z.string(),
});
export type MetricSample = z.output<typeof sampleSchema>;

const seriesSchema = z.array(sampleSchema).catch([]);
const byGpuSchema = z.record(z.string(), seriesSchema).catch({});

/** What one node uses; series by rank of the GPU where there is one for each. */
export const nodeMetricsSchema = z.object({
	/** Cores, e.g. 2.5. */
	cpu_usage: seriesSchema,
	cpu_memory_usage_bytes: seriesSchema,
	/** 0 to 1. */
	gpu_utilization: byGpuSchema,
	gpu_memory_usage_bytes: byGpuSchema,
});
export type NodeMetrics = z.output<typeof nodeMetricsSchema>;

/** Reply of `GET …/metrics`. The fields beside `per_node_metrics` are those of the leader. */
export const metricsReplySchema = nodeMetricsSchema.extend({
	per_node_metrics: z
		.array(z.object({ node_id: z.string(), metrics: nodeMetricsSchema }))
		.catch([]),
});
export type MetricsReply = z.output<typeof metricsReplySchema>;

const epochMillis = z.coerce.number().int().min(0);

/** Query (GET) or body (POST) of `…/metrics`. */
export const metricsQuerySchema = z.object({
	start_epoch_millis: epochMillis.nullish(),
	end_epoch_millis: epochMillis.nullish(),
	step_seconds: z.coerce.number().int().min(1).nullish(),
});
export type MetricsQuery = z.output<typeof metricsQuerySchema>;
