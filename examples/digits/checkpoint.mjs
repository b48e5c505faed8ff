import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { weightCount } from './model.mjs';

/**
 * A training run's state. Plain SGD has no other: batches and learning rate follow from the step.
 *
 * @typedef {{ step: number, weights: Float64Array }} State step: steps done
 */

/** Nodes may share a disk, so each has a file of its own. */
export const checkpointPath = (directory, rank) => join(directory, `digits-node-${rank}.json`);

/**
 * Writes a checkpoint whole or not at all: an interrupted write leaves the one before.
 *
 * @param {string} path
 * @param {State} state
 */
export const saveCheckpoint = (path, { step, weights }) => {
	mkdirSync(join(path, '..'), { recursive: true });
	const draft = `${path}.${process.pid}`;
	writeFileSync(draft, JSON.stringify({ step, weights: [...weights] }));
	renameSync(draft, path);
};

/**
 * @param {string} path
 * @returns {State | null} null when there is none
 * @throws when the file is not a checkpoint of this model
 */
export const loadCheckpoint = (path) => {
	let text;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		if (error.code === 'ENOENT') return null;
		throw error;
	}
	const { step, weights } = JSON.parse(text);
	const fits =
		Number.isInteger(step) && weights?.length === weightCount && weights.every(Number.isFinite);
	if (!fits) throw new Error('it does not hold the weights of this model');
	return { step, weights: Float64Array.from(weights) };
};
