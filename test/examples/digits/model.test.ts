import { describe, expect, test } from 'vitest';
import { readDigits } from '../../../examples/digits/data.mjs';
import {
	accuracy,
	checksum,
	initialWeights,
	lossAndGradient,
	weightCount,
} from '../../../examples/digits/model.mjs';

const { training, heldOut } = readDigits();
const batch = training.slice(0, 5);

/** The slope of the loss along one weight, by central differences. */
const slope = (weights: Float64Array, index: number): number => {
	const h = 1e-5;
	const lossAt = (offset: number): number =>
		lossAndGradient(
			weights.map((weight, i) => (i === index ? weight + offset : weight)),
			batch,
		).loss;
	return (lossAt(h) - lossAt(-h)) / (2 * h);
};

describe('lossAndGradient', () => {
	test('the gradient equals the slope of the loss along every 7th weight', () => {
		const weights = initialWeights(7);
		const { gradient } = lossAndGradient(weights, batch);
		let largest = 0;
		for (let index = 0; index < weightCount; index += 7) {
			expect(gradient[index]).toBeCloseTo(slope(weights, index), 8);
			largest = Math.max(largest, Math.abs(gradient[index] ?? 0));
		}
		expect(largest).toBeGreaterThan(0.01);
	});

	test('the gradient of a batch is the mean of the gradients of its halves', () => {
		const weights = initialWeights(7);
		const [whole, first, second] = [
			training.slice(0, 8),
			training.slice(0, 4),
			training.slice(4, 8),
		].map((part) => lossAndGradient(weights, part).gradient);
		whole?.forEach((value, index) => {
			expect(value).toBeCloseTo(((first?.[index] ?? 0) + (second?.[index] ?? 0)) / 2, 12);
		});
	});

	test('knows nothing at first: the loss of untrained weights is near ln 10', () => {
		expect(lossAndGradient(initialWeights(1998), training).loss).toBeCloseTo(Math.log(10), 0);
		expect(accuracy(initialWeights(1998), heldOut)).toBeLessThan(0.3);
	});
});

test('a single changed bit changes the checksum', () => {
	const weights = initialWeights(1);
	const before = checksum(weights);
	weights[100] = (weights[100] ?? 0) * (1 + Number.EPSILON);
	expect(checksum(weights)).not.toBe(before);
	expect(checksum(initialWeights(1))).toBe(before);
});
