import { expect, test } from 'vitest';
import { metricsReplySchema } from '../../source/contract/metrics.ts';
import { segmentsWidth } from '../../source/monitor/fit.ts';
import { formatBytes, metricRows, sparkline } from '../../source/monitor/metric-rows.ts';

test.each([
	[[0, 0.5, 1], 3, 1, '▁▅█'],
	[[0, 1], 4, 1, '  ▁█'],
	[[9, 9, 0, 1], 2, 1, '▁█'],
	[[5, -1], 2, 1, '█▁'],
	[[0, 0], 2, 0, '▁▁'],
	[[], 2, 1, '  '],
])('%j in %i columns of %i', (values, width, most, text) => {
	expect(sparkline(values, width, most)).toBe(text);
});

test.each([
	[0, '0 B'],
	[999, '999 B'],
	[1_500, '1.5 kB'],
	[123_456_789, '123 MB'],
	[12.14e9, '12.1 GB'],
	[5e15, '5000 TB'],
])('%d bytes are %s', (bytes, text) => {
	expect(formatBytes(bytes)).toBe(text);
});

test('a row for each node, within the columns', () => {
	const series = [{ value: 1e9, timestamp: '' }];
	const node = { cpu_usage: [{ value: 96.5, timestamp: '' }], cpu_memory_usage_bytes: series };
	const gpus = {
		gpu_utilization: { 0: [{ value: 1, timestamp: '' }] },
		gpu_memory_usage_bytes: { 0: series },
	};
	for (const metrics of [node, { ...node, ...gpus }, {}]) {
		for (const columns of [80, 120, 200]) {
			const reply = metricsReplySchema.parse({
				per_node_metrics: ['g00r0', 'r1'].map((node_id) => ({ node_id, metrics })),
			});
			const rows = metricRows(reply, columns);
			expect(rows.map(({ node: rank }) => rank)).toEqual(['0', '1']);
			for (const { segments } of rows) expect(segmentsWidth(segments)).toBeLessThanOrEqual(columns);
		}
	}
});
