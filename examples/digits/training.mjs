import { joinGroup } from './all-reduce.mjs';
import { checkpointPath, loadCheckpoint, saveCheckpoint } from './checkpoint.mjs';
import { readDigits, shardOf, stepsPerEpoch } from './data.mjs';
import { accuracy, checksum, initialWeights, weightCount } from './model.mjs';
import { duration, narrator, thousands } from './report.mjs';
import { descend } from './sgd.mjs';

/** @import { Group } from './all-reduce.mjs' */
/** @import { State } from './checkpoint.mjs' */
/** @import { Settings } from './settings.mjs' */

/**
 * @typedef {object} Edges
 * @property {AbortSignal} stopping aborted when the node is asked to stop
 * @property {(line: string) => void} log
 */

const seed = 1998;
/** Time in ms for the others to end the step in which this node was asked to stop. */
const stopGraceMs = 5000;

/**
 * Runs one node of the training, from the newest checkpoint to the last step.
 *
 * @param {Settings} settings
 * @param {Edges} edges
 * @returns {Promise<boolean>} false when a node was asked to stop before the last step
 * @throws when a node is lost or does not appear in time, or as FAIL_AT_STEP asks
 */
export const train = async (settings, { stopping, log }) => {
	const { rank, size, batchSize, steps, stepMs } = settings;
	const { training, heldOut } = readDigits();
	const shard = shardOf(training, rank, size);
	log(
		`INFO node ${rank} of ${size} trains on ${shard.length} of ${training.length} digits, ` +
			`${heldOut.length} are held out; ${thousands(weightCount)} weights`,
	);
	const started = performance.now();
	const save = checkpointer(settings, log);
	const group = await join(settings, { stopping, log });
	let state = await newestState(group, ownState(settings, log));
	if (state.step > 0)
		log(`INFO goes on after step ${state.step}, weights ${checksum(state.weights)}`);

	const narrate = narrator({
		heldOut,
		samplesPerStep: size * batchSize,
		stepsPerEpoch: stepsPerEpoch(shard, batchSize),
		stepMs,
		log,
	});
	try {
		const run = { group, state, shard, batchSize, steps, stepMs, stopping };
		for await (const progress of descend(run)) {
			state = { step: progress.step, weights: progress.weights };
			if (progress.stopped) break;
			narrate(progress);
			if (state.step % settings.checkpointEvery === 0) save(state);
			failIfAsked(settings, state.step);
		}
	} catch (error) {
		if (!stopping.aborted) throw new Error(`after step ${state.step}: ${error.message}`);
		log(`WARNING the others did not end the step: ${error.message}`);
	} finally {
		await group.close();
	}
	save(state);
	const finished = state.step >= steps;
	log(
		`INFO ${finished ? 'finished' : 'stopped'} after step ${state.step} of ${steps} ` +
			`in ${duration(performance.now() - started)}: held-out accuracy ` +
			`${accuracy(state.weights, heldOut).toFixed(3)}, weights ${checksum(state.weights)}`,
	);
	return finished;
};

/** @param {Settings} settings @param {Edges} edges */
const join = async ({ rank, size, host, port, joinTimeout }, { stopping, log }) => {
	const timeout = AbortSignal.timeout(joinTimeout * 1000);
	const signal = AbortSignal.any([stopping, timeout]);
	const group = await joinGroup({ rank, size, host, port, signal, log }).catch((error) => {
		if (!timeout.aborted || stopping.aborted) throw error;
		throw new Error(`the ${size} nodes did not all join within ${joinTimeout} s`);
	});
	const giveUp = () => setTimeout(() => group.close(), stopGraceMs).unref();
	stopping.addEventListener('abort', giveUp, { once: true });
	return group;
};

/** The newest checkpoint of any node, so that a node whose disk is gone can still go on. */
const newestState = async (group, { step, weights }) => {
	const [newestStep, ...newestWeights] = await group.newest(Float64Array.of(step, ...weights));
	return { step: newestStep, weights: Float64Array.from(newestWeights) };
};

/** @returns {State} */
const ownState = ({ rank, checkpointDirectory }, log) => {
	const afresh = { step: 0, weights: initialWeights(seed) };
	if (checkpointDirectory === '') return afresh;
	const path = checkpointPath(checkpointDirectory, rank);
	try {
		return loadCheckpoint(path) ?? afresh;
	} catch (error) {
		log(`WARNING passes over the checkpoint ${path}: ${error.message}`);
		return afresh;
	}
};

/** @returns {(state: State) => void} */
const checkpointer = ({ rank, checkpointDirectory }, log) => {
	if (checkpointDirectory === '') {
		log('WARNING no BT_CHECKPOINT_DIR, so no checkpoints');
		return () => {};
	}
	const path = checkpointPath(checkpointDirectory, rank);
	let savedStep = 0;
	return (state) => {
		if (state.step === savedStep) return;
		saveCheckpoint(path, state);
		savedStep = state.step;
		log(`INFO checkpoint of step ${state.step} in ${path}`);
	};
};

/** @param {Settings} settings */
const failIfAsked = ({ rank, size, failAtStep }, step) => {
	const failing = Math.min(1, size - 1);
	if (step === failAtStep && rank === failing) throw new Error('fails here, as FAIL_AT_STEP asks');
};
