import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { randomFrom } from './random.mjs';

/** Pixels per image (8x8) and number of classes. */
export const pixelCount = 64;
export const classCount = 10;

const darkest = 16;
/** One image in six is held out: neighbours in the file share a writer, so both parts see all. */
const heldOutEvery = 6;

/** @typedef {{ pixels: Float64Array, label: number }} Sample pixels: 64 values, 0 paper to 1 ink */

/**
 * Reads the digits that come with the example.
 *
 * @param {URL} file gzip of lines of 64 pixels (0..16) and a label (0..9)
 * @returns {{ training: Sample[], heldOut: Sample[] }}
 */
export const readDigits = (file = new URL('data/digits.csv.gz', import.meta.url)) => {
	const lines = gunzipSync(readFileSync(file)).toString('ascii').trim().split('\n');
	const samples = lines.map((line) => {
		const numbers = line.split(',').map(Number);
		return {
			pixels: Float64Array.from(numbers.slice(0, pixelCount), (value) => value / darkest),
			label: numbers[pixelCount],
		};
	});
	const isHeldOut = (_, index) => index % heldOutEvery === 0;
	return {
		training: samples.filter((sample, index) => !isHeldOut(sample, index)),
		heldOut: samples.filter(isHeldOut),
	};
};

/**
 * The part of the data that one node trains on. Shards have no sample in common and are equally
 * long, since an average of gradients is only that of the whole batch when batches are equal.
 *
 * @template T
 * @param {readonly T[]} samples
 * @param {number} rank
 * @param {number} size nodes in the group
 * @returns {T[]}
 */
export const shardOf = (samples, rank, size) => {
	const length = Math.floor(samples.length / size);
	return Array.from({ length }, (_, index) => samples[index * size + rank]);
};

/**
 * The batch of a step, in an order that is new in each epoch. It depends on the arguments alone,
 * so a resumed run goes on with the very batches that an unbroken run would have seen.
 *
 * @template T
 * @param {readonly T[]} shard
 * @param {number} batchSize
 * @param {number} step counted from 0
 * @returns {T[]}
 */
export const batchOf = (shard, batchSize, step) => {
	const perEpoch = stepsPerEpoch(shard, batchSize);
	const order = shuffled(shard, Math.floor(step / perEpoch));
	const start = (step % perEpoch) * batchSize;
	return order.slice(start, start + batchSize);
};

/** Whole batches in a shard; the few samples left over wait for the next epoch's order. */
export const stepsPerEpoch = (shard, batchSize) =>
	Math.max(1, Math.floor(shard.length / batchSize));

/** Fisher and Yates' shuffle of a copy. */
const shuffled = (samples, seed) => {
	const random = randomFrom(seed);
	const order = [...samples];
	for (let last = order.length - 1; last > 0; last--) {
		const pick = Math.floor(random() * (last + 1));
		[order[last], order[pick]] = [order[pick], order[last]];
	}
	return order;
};
