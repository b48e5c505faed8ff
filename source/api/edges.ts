/** The outside world of a client, each part replaceable. */
export type Edges = {
	readonly fetch: typeof globalThis.fetch;
	/** Epoch ms. A clock that goes on while the machine sleeps. */
	readonly now: () => number;
	/** Calls `action` after `ms` unless the returned function was called before. */
	readonly after: (ms: number, action: () => void) => () => void;
	/** 0 (inclusive) to 1 (exclusive), for jitter. */
	readonly random: () => number;
};

export const realEdges: Edges = {
	fetch: globalThis.fetch,
	now: Date.now,
	after: (ms, action) => {
		const timer = setTimeout(action, ms);
		return () => clearTimeout(timer);
	},
	random: Math.random,
};
