/** Bounds of the log kept in memory. The server keeps the rest. */
export type RingLimits = {
	readonly lines: number;
	readonly bytes: number;
	/** Bounds of what a reader who has scrolled back holds beside the newest lines. */
	readonly historyLines: number;
	readonly historyBytes: number;
};

export const defaultRingLimits: RingLimits = {
	lines: 100_000,
	bytes: 64 * 1024 * 1024,
	historyLines: 32_768,
	historyBytes: 16 * 1024 * 1024,
};
