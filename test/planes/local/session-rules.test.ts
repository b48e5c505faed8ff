import { describe, expect, test } from 'vitest';
import type { NodeSession } from '../../../source/contract/session.ts';
import {
	activate,
	afterCommands,
	close,
	hasExpired,
	patchSession,
} from '../../../source/planes/local/session-rules.ts';
import { sampleSession } from '../../store/samples.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const minute = 60_000;
const iso = (minutes: number): string => new Date(now + minutes * minute).toISOString();

const waiting = (changes: Partial<NodeSession> = {}): NodeSession =>
	sampleSession(0, {
		state: 'waiting',
		trigger: 'on_demand',
		timeout_minutes: 60,
		expires_at: null,
		...changes,
	});
const active = (changes: Partial<NodeSession> = {}): NodeSession =>
	waiting({ state: 'active', expires_at: iso(30), ...changes });

describe('activate', () => {
	test('starts the clock of a waiting session', () => {
		expect(activate(waiting(), now, 'because')).toMatchObject({
			state: 'active',
			activated_at: iso(0),
			expires_at: iso(60),
			reason: 'because',
		});
	});

	test('takes -1 as ten years', () => {
		const { expires_at: at } = activate(waiting({ timeout_minutes: -1 }), now, '');
		expect(at).toBe(iso(10 * 365 * 24 * 60));
	});

	test.each(['active', 'expired', 'ended'] as const)('leaves one that is %s alone', (state) => {
		const session = waiting({ state, expires_at: iso(5) });
		expect(activate(session, now, '')).toBe(session);
	});
});

test('a session has expired at its expiry, not a millisecond before, and only when active', () => {
	expect(hasExpired(active(), now + 30 * minute - 1)).toBe(false);
	expect(hasExpired(active(), now + 30 * minute)).toBe(true);
	expect(hasExpired(waiting({ expires_at: iso(30) }), now + 99 * minute)).toBe(false);
});

test('closing tells the reason, and does not change how an earlier end is told', () => {
	expect(close(active(), 'expired', 'over')).toMatchObject({ state: 'expired', reason: 'over' });
	const ended = active({ state: 'ended', reason: 'first' });
	expect(close(ended, 'expired', 'over')).toBe(ended);
});

describe('when the commands have exited', () => {
	test.each([
		['on_startup', 'active', 0, 'active', 'held'],
		['on_startup', 'active', 1, 'active', 'held'],
		['on_failure', 'waiting', 0, 'ended', 'ended'],
		['on_failure', 'waiting', 1, 'active', 'held'],
		['on_demand', 'waiting', 1, 'ended', 'ended'],
		['on_demand', 'active', 0, 'active', 'held'],
		['on_startup', 'expired', 143, 'expired', 'ended'],
	] as const)('%s, %s, exit %i: %s, container %s', (trigger, before, exit, state, container) => {
		const session = waiting({ trigger, state: before });
		expect(afterCommands(session, exit, now)).toMatchObject({ state, container, exit_code: exit });
	});
});

describe('minutes', () => {
	test('are added to the expiry of an active session', () => {
		const { session, message } = patchSession(active(), { timeout_minutes: 15 }, now);
		expect(session).toMatchObject({ expires_at: iso(45), timeout_minutes: 75 });
		expect(message).toBe(`Session of node 0 now expires at ${iso(45)}.`);
	});

	test('are added to the timeout of a waiting one', () => {
		const { session, message } = patchSession(waiting(), { timeout_minutes: 15 }, now);
		expect(session).toMatchObject({ expires_at: null, timeout_minutes: 75 });
		expect(message).toBe('Timeout of node 0 is now 75 minutes from activation.');
	});

	test('never reach beyond ten years', () => {
		const { session } = patchSession(active(), { timeout_minutes: -1 }, now);
		expect(session.expires_at).toBe(iso(10 * 365 * 24 * 60));
	});

	test.each([0, -5, 1.5, 5_256_001, Number.NaN])('%d is refused', (minutes) => {
		expect(() => patchSession(active(), { timeout_minutes: minutes }, now)).toThrow(
			/^timeout_minutes: /,
		);
	});
});

describe('a trigger', () => {
	test.each([
		['on_demand', 'on_failure', 'waiting'],
		['on_failure', 'on_demand', 'waiting'],
		['on_demand', 'on_startup', 'active'],
		['on_failure', 'on_startup', 'active'],
	] as const)('%s to %s: the session is %s', (trigger, next, state) => {
		const { session } = patchSession(waiting({ trigger }), { trigger: next }, now);
		expect(session).toMatchObject({ trigger: next, state });
	});

	test('to on_startup does not start the clock of a node that is not up yet', () => {
		const session = waiting({ container: 'starting' });
		expect(patchSession(session, { trigger: 'on_startup' }, now).session.state).toBe('waiting');
	});

	test('on_startup can not be changed', () => {
		const session = active({ trigger: 'on_startup' });
		expect(() => patchSession(session, { trigger: 'on_demand' }, now)).toThrow(
			'The trigger of node 0 is on_startup and cannot be changed.',
		);
	});

	test('that does not exist is refused', () => {
		expect(() => patchSession(active(), { trigger: 'never' }, now)).toThrow(
			'trigger: "never" does not exist. Use one of on_startup, on_failure, on_demand.',
		);
	});
});

test.each([
	['expired', 'has expired'],
	['ended', 'has ended'],
] as const)('a session that is %s refuses every change', (state, words) => {
	for (const patch of [{ timeout_minutes: 5 }, { trigger: 'on_startup' }]) {
		expect(() => patchSession(active({ state }), patch, now)).toThrow(words);
	}
});

test('a change of nothing is refused', () => {
	expect(() => patchSession(active(), {}, now)).toThrow('Give timeout_minutes, trigger, or both.');
});
