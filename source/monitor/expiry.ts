const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Past this a timeout was meant as none: -1 minutes stands for ten years (Baseten training API). */
const endless = 5 * 365 * day;

/** Minutes before an expiry at which a user is warned, lowest first. */
export const warningMinutes = [1, 5, 15] as const;

/** How near an expiry is: for colour, beside the words. */
export type Urgency = 'none' | 'soon' | 'urgent' | 'over';

/** Ms to go until an ISO time in the server's clock, null when there is no (readable) time. */
export const remainingMs = (
	expiresAt: string | null,
	now: number,
	clockOffset: number,
): number | null => {
	const at = Date.parse(expiresAt ?? '');
	return Number.isNaN(at) ? null : at - (now + clockOffset);
};

/** Ms as its two largest units: `3d 4h`, `1h 58m`, `45m 10s`, `42s`. Rounded down; at least 0. */
export const formatDuration = (ms: number): string => {
	const left = Math.max(0, ms);
	const part = (unit: number, of: number): number => Math.floor((left % of) / unit);
	if (left >= day) return `${Math.floor(left / day)}d ${part(hour, day)}h`;
	if (left >= hour) return `${Math.floor(left / hour)}h ${part(minute, hour)}m`;
	if (left >= minute) return `${Math.floor(left / minute)}m ${part(second, minute)}s`;
	return `${Math.floor(left / second)}s`;
};

/** What is left as the table shows it: `expired`, `no limit`, or {@link formatDuration}. */
export const formatRemaining = (remaining: number | null): string => {
	if (remaining === null) return '–';
	if (remaining <= 0) return 'expired';
	return remaining > endless ? 'no limit' : formatDuration(remaining);
};

export const urgencyOf = (remaining: number | null): Urgency => {
	if (remaining === null || remaining > 15 * minute) return 'none';
	if (remaining <= 0) return 'over';
	return remaining > 5 * minute ? 'soon' : 'urgent';
};

/** What was last warned of for a session: the expiry, and the lowest threshold in minutes. */
export type Warned = { readonly expiresAt: string; readonly threshold: number };

/**
 * The threshold (minutes) that is due for an expiry, null for none. Each fires once; of several
 * passed at once only the lowest. Another expiry, as after an extension, arms all of them again.
 */
export const dueWarning = (
	expiresAt: string,
	remaining: number,
	warned: Warned | undefined,
): number | null => {
	if (remaining <= 0) return null;
	const reached = warningMinutes.find((threshold) => remaining <= threshold * minute);
	if (reached === undefined) return null;
	const fired = warned?.expiresAt === expiresAt ? warned.threshold : Number.POSITIVE_INFINITY;
	return reached < fired ? reached : null;
};
