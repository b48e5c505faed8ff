import { describe, expect, test } from 'vitest';
import { footerOf } from '../../source/monitor/footer.ts';
import { headerOf } from '../../source/monitor/header.ts';
import { createMonitor } from '../../source/monitor/monitor.ts';
import type { MonitorState } from '../../source/monitor/state.ts';
import type { Segment } from '../../source/monitor/tone.ts';
import {
	apply,
	arrive,
	isoIn,
	now,
	records,
	session,
	show,
	snapshot,
	stateAfter,
} from './fixtures.ts';

const textOf = (segments: readonly Segment[]): string => segments.map(({ text }) => text).join('');
const connection = (state: MonitorState, at: number): string =>
	textOf(headerOf(state, at).right).trim();
const live = (ms: number) =>
	(['log', 'sessions'] as const).map((feed) => ({ type: 'heard', feed, at: now + ms }) as const);
// A new one each time: the log in a state changes in place.
const base = (): MonitorState =>
	stateAfter([show(snapshot([session(0), session(1)])), ...live(0)], { columns: 120 });

describe('connection', () => {
	test('begins by connecting', () => expect(connection(stateAfter([]), now)).toBe('◌ connecting'));

	test('live, with the delay of the newest line', () => {
		expect(connection(base(), now)).toBe('● live');
		expect(connection(apply(base(), arrive(records(1, 1), now + 4)), now + 100)).toBe(
			'● live · 4 ms',
		);
	});

	test('a quiet job and a dead stream do not look alike', () => {
		const quiet = apply(base(), arrive(records(1, 1)), ...live(120_000));
		expect(connection(quiet, now + 121_000)).toBe('● live · quiet 2m 1s');
		expect(connection(quiet, now + 140_000)).toBe('◍ silent · last event 20s ago');
	});

	test('retrying, of the feed that is worse off', () => {
		const link = { kind: 'retrying', attempt: 3, retryAt: now + 3_000, reason: 'refused' } as const;
		const state = apply(base(), { type: 'link', feed: 'sessions', link, at: now });
		const text = '↻ retrying in 2s (attempt 3) · last event 1s ago';
		expect(connection(state, now + 1_500)).toBe(text);
		expect(connection(apply(state, ...live(2_000)), now + 2_000)).toBe('● live');
	});

	test('stopped says why', () => {
		const link = { kind: 'stopped', reason: '401: the token is not valid' } as const;
		const state = apply(base(), { type: 'link', feed: 'log', link, at: now });
		expect(connection(state, now)).toBe('■ 401: the token is not valid');
	});
});

describe('header', () => {
	test('says which job, how it stands and where it runs', () => {
		expect(textOf(headerOf(base(), now).left)).toBe(
			' signalbox  digits › 7xk2p9  ● RUNNING 12m 41s   2 nodes · local',
		);
	});

	test('stops counting when the job is over', () => {
		const job = { current_status: 'TRAINING_JOB_COMPLETED', updated_at: isoIn(-1_000) };
		const state = stateAfter([show(snapshot([session(0)], job))], { columns: 120 });
		expect(textOf(headerOf(state, now + 99_000).left)).toContain('✓ COMPLETED 12m 40s');
	});

	test('shows an unknown status as it came', () => {
		const job = { current_status: 'TRAINING_JOB_HIBERNATING_NOW' };
		const state = stateAfter([show(snapshot([session(0)], job))], { columns: 120 });
		expect(textOf(headerOf(state, now).left)).toContain('? HIBERNATING NOW');
	});

	test('removes control characters from names', () => {
		const state = stateAfter([show(snapshot([], { name: 'a\x1b[2Jb\u202e' }))], { columns: 120 });
		expect(textOf(headerOf(state, now).left)).toContain('a[2Jb ');
	});
});

describe('news', () => {
	test('the end of a job, and why', () => {
		const job = { current_status: 'TRAINING_JOB_DEPLOY_FAILED', error_message: 'no such image' };
		const state = apply(base(), show(snapshot([session(0), session(1)], job)));
		expect(state.message).toMatchObject({
			kind: 'error',
			text: 'job DEPLOY FAILED: no such image',
		});
		expect(state.alert?.serial).toBe(1);
		expect(apply(state, show(snapshot([session(0), session(1)], job))).alert?.serial).toBe(1);
	});

	test('the end of a session, and why', () => {
		const over = session(1, { state: 'expired', reason: 'its 480 minutes ran out' });
		const state = apply(base(), show(snapshot([session(0), over])));
		expect(state.message?.text).toBe('node 1: session expired: its 480 minutes ran out');
	});

	test('what was over at the first sight is no news', () => {
		const job = { current_status: 'TRAINING_JOB_FAILED' };
		expect(stateAfter([show(snapshot([], job))]).message).toBeNull();
	});
});

describe('messages and tasks', () => {
	const tell = (kind: 'ok' | 'error') =>
		apply(base(), { type: 'message', kind, text: 'told', at: now });

	test('messages fade, errors late', () => {
		const later = (ms: number) => ({ type: 'tick', now: now + ms }) as const;
		expect(apply(tell('ok'), later(5_000)).message).not.toBeNull();
		expect(apply(tell('ok'), later(6_000)).message).toBeNull();
		expect(apply(tell('error'), later(30_000)).message).not.toBeNull();
		expect(apply(tell('error'), later(60_000)).message).toBeNull();
	});

	test('escape dismisses, a new action too', () => {
		expect(apply(tell('error'), { type: 'close' }).message).toBeNull();
		const state = apply(tell('error'), { type: 'task-started', id: 1, label: 'extending' });
		expect(footerOf(state)).toMatchObject({ isBusy: true });
		expect(textOf(footerOf(state).left)).toBe(' extending');
		expect(apply(state, { type: 'task-settled', id: 1 }).tasks).toEqual([]);
	});
});

describe('footer', () => {
	test('says what is shown and what is missing', () => {
		let state = stateAfter([show(snapshot([session(0), session(1)]))], {
			columns: 200,
			limits: { lines: 40 },
		});
		for (let seq = 1; seq <= 1_200; seq += 10) state = apply(state, arrive(records(seq, seq + 9)));
		state = apply(state, arrive(records(1_250, 1_250)), { type: 'filter', node: 1 });
		const kept = state.log.lines;
		expect(textOf(footerOf(state).left)).toBe(
			` ▼ follow · node 1 only · ${kept} hidden · ${kept} lines · 1 ${String(1_201 - kept).slice(1)} evicted · 49 lost`,
		);
	});

	test('keeps the most useful keys when it is short', () => {
		const hints = (columns: number): string => textOf(footerOf({ ...base(), columns }).right);
		expect(hints(60)).toMatch(/e extend .*\? help/);
		expect(hints(200)).toMatch(
			/e extend {2}t trigger {2}s ssh {2}c copy {2}space pause {2}\/ search {2}\? help/,
		);
	});
});

describe('selection', () => {
	const nodes = [0, 2, 5].map((node) => session(node));
	const state = stateAfter([show(snapshot(nodes))]);
	test('moves along the nodes there are', () => {
		expect(apply(state, { type: 'select', by: 1 }).selected).toBe(2);
		expect(apply(state, { type: 'select', by: 9 }).selected).toBe(5);
		expect(apply(state, { type: 'select', by: -1 }).selected).toBe(0);
	});
	test('stays on its node, or goes to the first when that is gone', () => {
		const last = apply(state, { type: 'select', by: 2 });
		expect(apply(last, show(snapshot(nodes))).selected).toBe(5);
		expect(apply(last, show(snapshot(nodes.slice(0, 2)))).selected).toBe(0);
	});
});

test('a monitor tells its listeners of changes only', () => {
	const monitor = createMonitor(base());
	let calls = 0;
	const unsubscribe = monitor.subscribe(() => calls++);
	monitor.dispatch({ type: 'tick', now });
	expect(calls).toBe(0);
	monitor.dispatch({ type: 'toggle-wrap' });
	expect(calls).toBe(1);
	unsubscribe();
	monitor.dispatch({ type: 'toggle-wrap' });
	expect(calls).toBe(1);
	expect(monitor.getState().wrap).toBe(false);
});
