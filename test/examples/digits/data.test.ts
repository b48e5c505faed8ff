import { describe, expect, test } from 'vitest';
import { batchOf, readDigits, shardOf, stepsPerEpoch } from '../../../examples/digits/data.mjs';

const { training, heldOut } = readDigits();

describe('readDigits', () => {
	test('reads all 1797 images, each in one part only', () => {
		expect(training.length + heldOut.length).toBe(1797);
		expect(new Set([...training, ...heldOut]).size).toBe(1797);
	});

	test('pixels go from paper 0 to ink 1, and every digit is in both parts', () => {
		for (const samples of [training, heldOut]) {
			expect(new Set(samples.map(({ label }) => label)).size).toBe(10);
			for (const { pixels } of samples) {
				expect(pixels.length).toBe(64);
				expect(Math.min(...pixels)).toBeGreaterThanOrEqual(0);
				expect(Math.max(...pixels)).toBeLessThanOrEqual(1);
			}
		}
	});
});

describe('shards and batches', () => {
	test('three shards are equally long and share no sample', () => {
		const shards = [0, 1, 2].map((rank) => shardOf(training, rank, 3));
		expect(shards.map(({ length }) => length)).toEqual([499, 499, 499]);
		expect(new Set(shards.flat()).size).toBe(1497);
	});

	test('an epoch shows each sample once, the next one in another order', () => {
		const shard = Array.from({ length: 64 }, (_, index) => index);
		expect(stepsPerEpoch(shard, 16)).toBe(4);
		const epoch = (number: number): number[] =>
			[0, 1, 2, 3].flatMap((step) => batchOf(shard, 16, number * 4 + step));
		expect(epoch(0).toSorted((a, b) => a - b)).toEqual(shard);
		expect(epoch(1).toSorted((a, b) => a - b)).toEqual(shard);
		expect(epoch(1)).not.toEqual(epoch(0));
		expect(batchOf(shard, 16, 6)).toEqual(batchOf(shard, 16, 6));
	});
});
