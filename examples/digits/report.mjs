import { accuracy, checksum } from './model.mjs';

/** @import { Sample } from './data.mjs' */
/** @import { Progress } from './sgd.mjs' */

const evaluateEvery = 10;
/** A step that takes this much longer than its pace, in ms, deserves a warning. */
const slowStepMs = 2000;

/**
 * Tells people how the training goes: a line per step, such as
 * `step 120 loss 0.3312 acc 0.914 4 120 samples/s`, and a summary per epoch. The loss of a step is
 * that of the node's own batch; accuracy is measured on held-out digits; the rate is that of all
 * nodes together, smoothed over about ten steps.
 *
 * @param {object} options
 * @param {readonly Sample[]} options.heldOut
 * @param {number} options.samplesPerStep of all nodes
 * @param {number} options.stepsPerEpoch
 * @param {number} options.stepMs
 * @param {(line: string) => void} options.log
 * @returns {(progress: Progress) => void} to be called after each step
 */
export const narrator = ({ heldOut, samplesPerStep, stepsPerEpoch, stepMs, log }) => {
	/** @type {number | undefined} */
	let rate;
	/** @type {number[]} */
	let epochLosses = [];
	return ({ step, weights, loss, meanLoss, ms }) => {
		const latest = (samplesPerStep * 1000) / ms;
		rate = rate === undefined ? latest : 0.9 * rate + 0.1 * latest;
		const evaluated = step % evaluateEvery === 0;
		const acc = evaluated ? ` acc ${accuracy(weights, heldOut).toFixed(3)}` : '';
		log(`step ${step} loss ${loss.toFixed(4)}${acc} ${thousands(rate)} samples/s`);
		if (ms > stepMs + slowStepMs) {
			log(`WARNING step ${step} took ${(ms / 1000).toFixed(1)} s: some node is slow`);
		}
		epochLosses.push(meanLoss);
		if (step % stepsPerEpoch !== 0) return;
		log(
			`INFO epoch ${step / stepsPerEpoch}: mean loss ${mean(epochLosses).toFixed(4)}, ` +
				`held-out accuracy ${accuracy(weights, heldOut).toFixed(3)}, weights ${checksum(weights)}`,
		);
		epochLosses = [];
	};
};

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** 4120.4 -> `4 120` */
export const thousands = (number) => Math.round(number).toLocaleString('en').replaceAll(',', ' ');

/** 241000 ms -> `4m 01s` */
export const duration = (ms) => {
	const seconds = Math.round(ms / 1000);
	return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
};
