import { createHash } from 'node:crypto';
import { classCount, pixelCount } from './data.mjs';
import { randomFrom } from './random.mjs';

/** @import { Sample } from './data.mjs' */

const hiddenCount = 48;

/**
 * A perceptron with one hidden layer: 64 pixels, 48 tanh units, softmax over 10 digits. All of
 * its weights lie in ONE vector, as that is what nodes exchange: hidden weights (48 rows of 64),
 * hidden biases, output weights (10 rows of 48), output biases.
 */
const hiddenBias = hiddenCount * pixelCount;
const outputWeights = hiddenBias + hiddenCount;
const outputBias = outputWeights + classCount * hiddenCount;
export const weightCount = outputBias + classCount;

/**
 * Random weights, scaled by the fan-in and fan-out of each layer (Glorot and Bengio, 2010).
 *
 * @param {number} seed
 * @returns {Float64Array}
 */
export const initialWeights = (seed) => {
	const random = randomFrom(seed);
	const weights = new Float64Array(weightCount);
	const fill = (start, end, fanIn, fanOut) => {
		const limit = Math.sqrt(6 / (fanIn + fanOut));
		for (let i = start; i < end; i++) weights[i] = (2 * random() - 1) * limit;
	};
	fill(0, hiddenBias, pixelCount, hiddenCount);
	fill(outputWeights, outputBias, hiddenCount, classCount);
	return weights;
};

/**
 * @param {Float64Array} weights
 * @param {Float64Array} pixels
 * @returns {{ hidden: Float64Array, probabilities: Float64Array }}
 */
const forward = (weights, pixels) => {
	const hidden = new Float64Array(hiddenCount);
	for (let unit = 0; unit < hiddenCount; unit++) {
		let sum = weights[hiddenBias + unit];
		const row = unit * pixelCount;
		for (let i = 0; i < pixelCount; i++) sum += weights[row + i] * pixels[i];
		hidden[unit] = Math.tanh(sum);
	}
	const scores = new Float64Array(classCount);
	for (let digit = 0; digit < classCount; digit++) {
		let sum = weights[outputBias + digit];
		const row = outputWeights + digit * hiddenCount;
		for (let unit = 0; unit < hiddenCount; unit++) sum += weights[row + unit] * hidden[unit];
		scores[digit] = sum;
	}
	return { hidden, probabilities: softmax(scores) };
};

/** The largest score is taken off first: exp() of the rest cannot overflow. */
const softmax = (scores) => {
	const largest = Math.max(...scores);
	const powers = scores.map((score) => Math.exp(score - largest));
	const total = powers.reduce((sum, power) => sum + power, 0);
	return powers.map((power) => power / total);
};

/**
 * Mean cross-entropy of a batch, and its gradient by all weights.
 *
 * @param {Float64Array} weights
 * @param {readonly Sample[]} batch
 * @returns {{ loss: number, gradient: Float64Array }}
 */
export const lossAndGradient = (weights, batch) => {
	const gradient = new Float64Array(weightCount);
	let loss = 0;
	for (const { pixels, label } of batch) {
		const { hidden, probabilities } = forward(weights, pixels);
		loss -= Math.log(probabilities[label]);
		// The derivative of softmax followed by cross-entropy: probability minus truth.
		const scoreErrors = probabilities;
		scoreErrors[label] -= 1;
		addGradient(gradient, weights, pixels, hidden, scoreErrors);
	}
	for (let i = 0; i < weightCount; i++) gradient[i] /= batch.length;
	return { loss: loss / batch.length, gradient };
};

/** Adds one sample's part to the gradient (the backward pass). */
const addGradient = (gradient, weights, pixels, hidden, scoreErrors) => {
	const hiddenErrors = new Float64Array(hiddenCount);
	for (let digit = 0; digit < classCount; digit++) {
		const error = scoreErrors[digit];
		const row = outputWeights + digit * hiddenCount;
		gradient[outputBias + digit] += error;
		for (let unit = 0; unit < hiddenCount; unit++) {
			gradient[row + unit] += error * hidden[unit];
			hiddenErrors[unit] += error * weights[row + unit];
		}
	}
	for (let unit = 0; unit < hiddenCount; unit++) {
		const error = hiddenErrors[unit] * (1 - hidden[unit] ** 2);
		const row = unit * pixelCount;
		gradient[hiddenBias + unit] += error;
		for (let i = 0; i < pixelCount; i++) gradient[row + i] += error * pixels[i];
	}
};

/**
 * Share of samples whose most probable digit is the right one, 0 to 1.
 *
 * @param {Float64Array} weights
 * @param {readonly Sample[]} samples
 */
export const accuracy = (weights, samples) => {
	const right = samples.filter(({ pixels, label }) => {
		const { probabilities } = forward(weights, pixels);
		return probabilities.indexOf(Math.max(...probabilities)) === label;
	});
	return right.length / samples.length;
};

/** Eight hex digits that differ when a single bit of the weights does. */
export const checksum = (weights) =>
	createHash('sha256').update(new Uint8Array(weights.buffer)).digest('hex').slice(0, 8);
