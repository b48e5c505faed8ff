/** One line of the bench's table. */
export type Figure = {
	readonly what: string;
	readonly measured: string;
	readonly goal: string;
	readonly reached: boolean;
};

export const median = (values: readonly number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const [low = Number.NaN, high = low] = sorted.slice(Math.max(0, middle - 1), middle + 1);
	return sorted.length % 2 === 1 ? high : (low + high) / 2;
};

/** Lowest and highest, for people: `0.91–0.97`. */
export const spread = (values: readonly number[], digits: number): string =>
	`${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
