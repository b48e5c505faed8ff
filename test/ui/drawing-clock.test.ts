import { expect, test } from 'vitest';
import { createMonitor } from '../../source/monitor/monitor.ts';
import { createDrawingClock, frameMs, type Timers } from '../../source/ui/drawing-clock.ts';
import { stateAfter } from '../monitor/fixtures.ts';

/** Timers that run when told. */
const handTimers = () => {
	let now = 0;
	let pending: { work: () => void; at: number } | null = null;
	const timers: Timers = {
		now: () => now,
		schedule: (work, ms) => {
			pending = { work, at: now + ms };
			return () => {
				pending = null;
			};
		},
	};
	const advance = (ms: number): void => {
		now += ms;
		if (pending === null || pending.at > now) return;
		const { work } = pending;
		pending = null;
		work();
	};
	return { timers, advance, isPending: () => pending !== null };
};

const start = () => {
	const hand = handTimers();
	const monitor = createMonitor(stateAfter([]));
	const clock = createDrawingClock(monitor, hand.timers);
	let drawings = 0;
	const stop = clock.subscribe(() => drawings++);
	const change = (): void => monitor.dispatch({ type: 'toggle-wrap' });
	return { ...hand, monitor, clock, stop, change, drawings: () => drawings };
};

test('the first change is drawn at once, the others of a frame together', () => {
	const { change, advance, drawings, clock, monitor } = start();
	change();
	expect(drawings()).toBe(1);
	for (let count = 0; count < 100; count++) change();
	expect(drawings()).toBe(1);
	const stale = clock.getSnapshot();
	advance(frameMs);
	expect(drawings()).toBe(2);
	expect(clock.getSnapshot()).toBe(monitor.getState());
	expect(clock.getSnapshot()).not.toBe(stale);
});

test('without changes nothing runs', () => {
	const { change, advance, drawings, isPending } = start();
	change();
	advance(10 * frameMs);
	expect(drawings()).toBe(1);
	expect(isPending()).toBe(false);
});

test('draws at most once per frame, however much changes', () => {
	const { change, advance, drawings } = start();
	for (let ms = 0; ms < 1000; ms++) {
		change();
		advance(1);
	}
	expect(drawings()).toBeGreaterThan(28);
	expect(drawings()).toBeLessThanOrEqual(Math.ceil(1000 / frameMs) + 1);
});

test('nothing is drawn after the end', () => {
	const { change, advance, drawings, stop, isPending } = start();
	change();
	change();
	stop();
	expect(isPending()).toBe(false);
	change();
	advance(frameMs);
	expect(drawings()).toBe(1);
});
