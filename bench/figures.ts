/** One line of the bench's table. */
export type Figure = {
	readonly what: string;
	readonly measured: string;
	/** What it is compared with, measured in the same run; empty for nothing. */
	readonly beside: string;
	/** `-` where there is none. */
	readonly goal: string;
	readonly reached: boolean;
	/** For other programs, in the units that the names tell. */
	readonly numbers: Readonly<Record<string, number>>;
};

export const median = (values: readonly number[]): number => {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	const [low = Number.NaN, high = low] = sorted.slice(Math.max(0, middle - 1), middle + 1);
	return sorted.length % 2 === 1 ? high : (low + high) / 2;
};

/** The value below which `share` (0 to 1) of all lie; NaN of none. */
export const quantile = (values: readonly number[], share: number): number => {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** Lowest and highest, for people: `0.91–0.97`. */
export const spread = (values: readonly number[], digits: number): string =>
	`${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;

/** Median and spread, for people: `12.1 ms (11.8–12.9)`. */
export const told = (values: readonly number[], unit: string, digits = 0): string =>
	`${median(values).toFixed(digits)} ${unit} (${spread(values, digits)})`;

/** How often `other` fits into `own`, for people: `1.3x`. */
export const times = (own: number, other: number): string => `${(own / other).toFixed(1)}x`;
