/**
 * Gives lines their time stamps: epoch ns as decimal strings that rise strictly, so that a range
 * by time keeps the order of the lines. One per node. The clock (epoch ms) is the wall's: a
 * monotonic one stands still while the machine sleeps.
 */
export const createStamps = (now: () => number): (() => string) => {
	let last = 0n;
	return () => {
		const wall = BigInt(Math.round(now())) * 1_000_000n;
		last = wall > last ? wall : last + 1n;
		return String(last);
	};
};
