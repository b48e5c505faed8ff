/** Bounds of the wait before a retry, in ms. */
export const backoffFirstMs = 250;
export const backoffLimitMs = 10_000;
/** Longest wait that a server's `Retry-After` can ask for, in ms. */
export const retryAfterLimitMs = 60_000;

/**
 * Wait before a retry, in ms: exponential with full jitter, so that many clients of a server that
 * comes back do not come at once.
 * @param failures How many attempts in a row have failed, from 1.
 * @param random 0 to 1.
 */
export const backoffMs = (failures: number, random: number): number =>
	random * Math.min(backoffLimitMs, backoffFirstMs * 2 ** (failures - 1));

/** Reads a `Retry-After` header (seconds or an HTTP date), in ms; null when there is none. */
export const retryAfterMs = (header: string | null, now: number): number | null => {
	if (header === null) return null;
	const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
	return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), retryAfterLimitMs);
};
