import { describe, expect, test } from 'vitest';
import {
	dueWarning,
	formatRemaining,
	remainingMs,
	urgencyOf,
	type Warned,
} from '../../source/monitor/expiry.ts';
import { apply, isoIn, now, session, show, snapshot, stateAfter } from './fixtures.ts';

const minute = 60_000;

test.each([
	[7_130_000, '1h 58m'],
	[2_710_999, '45m 10s'],
	[60_000, '1m 0s'],
	[59_999, '59s'],
	[42_000, '42s'],
	[999, '0s'],
	[0, 'expired'],
	[-1, 'expired'],
	[90_000_000, '1d 1h'],
	[10 * 365 * 86_400_000, 'no limit'],
	[null, '–'],
])('%s ms to go reads %s', (ms, text) => expect(formatRemaining(ms)).toBe(text));

test('time to go is told by the server’s clock', () => {
	expect(remainingMs(isoIn(60_000), now, 0)).toBe(60_000);
	expect(remainingMs(isoIn(60_000), now, 45_000)).toBe(15_000);
	expect(remainingMs('soon', now, 0)).toBeNull();
	expect(remainingMs(null, now, 0)).toBeNull();
});

test.each([
	[15 * minute + 1, 'none'],
	[15 * minute, 'soon'],
	[5 * minute, 'urgent'],
	[0, 'over'],
] as const)('%s ms to go is %s', (ms, urgency) => expect(urgencyOf(ms)).toBe(urgency));

describe('dueWarning', () => {
	const warned = (threshold: number): Warned => ({ expiresAt: 'a', threshold });
	test.each([
		['before all', 16 * minute, undefined, null],
		['at 15', 15 * minute, undefined, 15],
		['15 was given', 14 * minute, warned(15), null],
		['at 5', 5 * minute, warned(15), 5],
		['several at once: the lowest', 30_000, undefined, 1],
		['all were given', 30_000, warned(1), null],
		['another expiry', 4 * minute, { expiresAt: 'b', threshold: 1 }, 5],
		['over', 0, undefined, null],
	])('%s', (_, remaining, before, due) => expect(dueWarning('a', remaining, before)).toBe(due));
});

describe('warnings of a session', () => {
	const at = (ms: number) => ({ type: 'tick', now: now + ms }) as const;
	const start = stateAfter([show(snapshot([session(0, { expires_at: isoIn(20 * minute) })]))]);

	test('come once at 15, 5 and 1 minutes', () => {
		let state = start;
		const told: string[] = [];
		for (let ms = 0; ms < 20 * minute; ms += 1000) {
			const next = apply(state, at(ms));
			if (next.alert !== state.alert) told.push(`${ms / minute}: ${next.alert?.text}`);
			state = next;
		}
		expect(told).toEqual([
			'5: node 0: the session expires in 15 min (e extends it)',
			'15: node 0: the session expires in 5 min (e extends it)',
			'19: node 0: the session expires in 1 min (e extends it)',
		]);
	});

	test('come again after an extension', () => {
		const extended = show(snapshot([session(0, { expires_at: isoIn(60 * minute) })]));
		const state = apply(start, at(16 * minute), extended, at(17 * minute));
		expect(state.alert?.serial).toBe(1);
		expect(apply(state, at(46 * minute)).alert?.serial).toBe(2);
	});

	test('of several sessions are one message', () => {
		const sessions = [0, 1].map((node) => session(node, { expires_at: isoIn(4 * minute) }));
		expect(stateAfter([show(snapshot(sessions)), at(0)]).message?.text).toBe(
			'2 sessions expire in 5 min (E extends all)',
		);
	});

	test('are not given for a session that waits', () => {
		const waiting = session(0, { state: 'waiting', expires_at: isoIn(minute) });
		expect(stateAfter([show(snapshot([waiting])), at(0)]).alert).toBeNull();
	});

	test('go by the server’s clock', () => {
		const ahead = { server_time: isoIn(10 * minute) };
		const shown = snapshot([session(0, { expires_at: isoIn(20 * minute) })], {}, ahead);
		expect(stateAfter([show(shown), at(0)]).message?.text).toContain('in 15 min');
	});
});
