import { expect, test } from 'vitest';
import { backoffMs, retryAfterMs } from '../../source/api/backoff.ts';

test.each([
	[1, 250],
	[2, 500],
	[3, 1000],
	[6, 8000],
	[7, 10_000],
	[1000, 10_000],
])('after %i failures the wait is at most %i ms, with full jitter', (failures, limit) => {
	expect(backoffMs(failures, 0)).toBe(0);
	expect(backoffMs(failures, 0.5)).toBe(limit / 2);
	expect(backoffMs(failures, 1)).toBe(limit);
});

const now = Date.parse('2026-11-24T12:00:00Z');
test.each([
	[null, null],
	['nonsense', null],
	['0', 0],
	[' 7 ', 7000],
	['100000', 60_000],
	['Tue, 24 Nov 2026 12:00:05 GMT', 5000],
	['Tue, 24 Nov 2026 11:00:00 GMT', 0],
])('Retry-After %j means %j ms', (header, ms) => {
	expect(retryAfterMs(header, now)).toBe(ms);
});
