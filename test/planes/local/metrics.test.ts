import { expect, test } from 'vitest';
import { usageOf } from '../../../source/planes/local/process-usage.ts';
import { until } from '../../faults/until.ts';
import { TestPlane } from './test-plane.ts';

test('a node that computes uses a core, one that sleeps does not; memory is that of all processes', async () => {
	const plane = await TestPlane.open({ sampleMs: 50 });
	// The clock of the plane is the test's: real time has to pass for cores to mean something.
	const start = Date.now() - plane.nowMs;
	const busy = await plane.push(
		`node -e 'const held = Buffer.alloc(200e6, 1); console.log("holds", held.length); for (;;);'`,
	);
	const idle = await plane.push('sleep 60');
	await until(() => plane.lines(busy.id).some((line) => line.startsWith('holds')));
	await until(async () => {
		plane.nowMs = Date.now() - start;
		const { cpu_usage: cpu } = await plane.plane.metrics(busy.id, {});
		return cpu.length > 12;
	});
	const { per_node_metrics: nodes, cpu_memory_usage_bytes: memory } = await plane.plane.metrics(
		busy.id,
		{},
	);
	expect(nodes.map(({ node_id: id }) => id)).toEqual(['g00r0']);
	expect(memory.at(-1)?.value).toBeGreaterThan(200e6);
	const cores = nodes[0]?.metrics.cpu_usage.map(({ value }) => value) ?? [];
	expect(Math.max(...cores)).toBeGreaterThan(0.2);
	const sleeping = await plane.plane.metrics(idle.id, {});
	expect(sleeping.cpu_memory_usage_bytes.at(-1)?.value).toBeLessThan(50e6);
	expect(sleeping.cpu_usage.at(-1)?.value).toBeLessThan(0.1);

	const last = memory.at(-1)?.timestamp ?? '';
	const later = { start_epoch_millis: Date.parse(last) + 3_600_000 };
	expect((await plane.plane.metrics(busy.id, later)).cpu_usage).toEqual([]);
	expect((await plane.plane.metrics('unknown', {})).per_node_metrics).toEqual([]);
});

test.each(['linux', 'darwin'] as const)(
	'the usage of this process, as %s tells it',
	async (platform) => {
		const usage = (await usageOf([process.pid, 2 ** 22 + 1], platform)).get(process.pid);
		expect(usage?.memoryBytes).toBeGreaterThan(20e6);
		expect(usage?.cpuSeconds).toBeGreaterThanOrEqual(0);
	},
);
