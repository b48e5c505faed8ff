/** The usual port of a rendezvous, as in PyTorch. */
const usualPort = 29_500;

/**
 * What the job's environment says. `BT_…` variables come from the platform, the others from the
 * job file.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @throws when a number is not one
 */
export const readSettings = (env) => {
	const number = (name, fallback, least = 0) => {
		const text = env[name]?.trim();
		if (!text) return fallback;
		const value = Number(text);
		if (Number.isInteger(value) && value >= least) return value;
		throw new Error(`${name}=${text} must be a whole number of at least ${least}`);
	};
	return {
		rank: number('BT_NODE_RANK', 0),
		size: number('BT_GROUP_SIZE', 1, 1),
		host: env.BT_LEADER_ADDR || '127.0.0.1',
		port: number('BT_LEADER_PORT', number('DIGITS_PORT', usualPort)),
		/** Empty: no checkpoints. */
		checkpointDirectory: env.BT_CHECKPOINT_DIR ?? '',
		checkpointEvery: number('CHECKPOINT_EVERY', 100, 1),
		steps: number('STEPS', 1200, 1),
		/** Least duration of a step in ms: a pace at which people can watch. */
		stepMs: number('STEP_MS', 200),
		batchSize: number('BATCH_SIZE', 16, 1),
		/** Longest wait for the other nodes to appear, in s. */
		joinTimeout: number('JOIN_TIMEOUT_S', 300, 1),
		/** Step at which node 1 (or the only node) fails; 0: never. */
		failAtStep: number('FAIL_AT_STEP', 0),
	};
};

/** @typedef {ReturnType<typeof readSettings>} Settings */
