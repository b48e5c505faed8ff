import { setTimeout as delay } from 'node:timers/promises';
import { batchOf } from './data.mjs';
import { lossAndGradient } from './model.mjs';

/** @import { Group } from './all-reduce.mjs' */
/** @import { State } from './checkpoint.mjs' */
/** @import { Sample } from './data.mjs' */

/** The learning rate falls along half a cosine from the first to the last step. */
const firstRate = 0.1;
const lastRate = 0.01;

/**
 * Synchronous data-parallel SGD: each node takes the gradient of a batch of its own shard, the
 * group averages the gradients, and every node makes the same step with the same weights.
 *
 * A node that is asked to stop says so along with its gradient. All nodes learn it in the same
 * step and end after it, so that their checkpoints agree.
 *
 * @param {object} options
 * @param {Group} options.group
 * @param {State} options.state
 * @param {readonly Sample[]} options.shard
 * @param {number} options.batchSize samples per node and step
 * @param {number} options.steps the step to end with
 * @param {number} options.stepMs least duration of a step
 * @param {AbortSignal} options.stopping
 * @returns {AsyncGenerator<Progress>} one per step
 *
 * @typedef {object} Progress
 * @property {number} step steps done
 * @property {Float64Array} weights after the step
 * @property {number} loss of this node's batch
 * @property {number} meanLoss of all nodes' batches
 * @property {number} ms duration
 * @property {boolean} stopped whether this is the last step since some node is to stop
 */
export async function* descend({ group, state, shard, batchSize, steps, stepMs, stopping }) {
	let { weights } = state;
	for (let step = state.step + 1; step <= steps; step++) {
		const started = performance.now();
		const { loss, gradient } = lossAndGradient(weights, batchOf(shard, batchSize, step - 1));
		const shared = await group.average(
			Float64Array.of(...gradient, loss, Number(stopping.aborted)),
		);
		const [meanLoss, stopVotes] = shared.subarray(gradient.length);
		const rate = learningRate(step / steps);
		weights = weights.map((weight, index) => weight - rate * shared[index]);
		const stopped = stopVotes > 0;
		if (!stopped) await pause(stepMs - (performance.now() - started), stopping);
		yield { step, weights, loss, meanLoss, ms: performance.now() - started, stopped };
		if (stopped) return;
	}
}

/** @param {number} progress 0 at the start, 1 at the end */
const learningRate = (progress) =>
	lastRate + (firstRate - lastRate) * 0.5 * (1 + Math.cos(Math.PI * progress));

/** Ends early, without an error, when the node is to stop. */
const pause = async (ms, signal) => {
	if (ms > 0) await delay(ms, undefined, { signal }).catch(() => {});
};
