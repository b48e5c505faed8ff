import { Failure } from '../contract/failure.ts';
import { type LogQuery, logPageDefault, logWindowDefaultMs } from '../contract/log.ts';
import type { LogWindow } from '../store/log-store.ts';

/** Longest window that the Baseten training API answers, in ms. */
export const logWindowLimitMs = 7 * 24 * 60 * 60_000;

/**
 * The window that a query of `…/logs` means at the time `now` (epoch ms), with the defaults of the
 * Baseten training API: the last 30 minutes, the newest 500 records, newest first.
 * @throws Failure `invalid` when the window is longer than 7 days or ends before it starts.
 */
export const logWindow = (query: LogQuery, now: number): LogWindow => {
	// The end is exclusive: one more ms keeps what was written within this very one.
	const endMs = query.end_epoch_millis ?? now + 1;
	const startMs = query.start_epoch_millis ?? Math.max(0, endMs - logWindowDefaultMs);
	if (startMs > endMs) {
		throw new Failure('invalid', 'start_epoch_millis: must not be after end_epoch_millis');
	}
	if (endMs - startMs > logWindowLimitMs) {
		throw new Failure('invalid', 'start_epoch_millis: the window must not be longer than 7 days');
	}
	return {
		startMs,
		endMs,
		direction: query.direction ?? 'desc',
		limit: query.limit ?? logPageDefault,
		...(query.min_level ? { minLevel: query.min_level } : {}),
	};
};
