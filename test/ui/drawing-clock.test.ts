import { expect, test } from 'vitest';
import { createMonitor } from '../../source/monitor/monitor.ts';
import {
	createDrawingClock,
	frameMs,
	type Gate,
	type Timers,
} from '../../source/ui/drawing-clock.ts';
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

/** A gate that is opened and closed by hand. */
const handGate = () => {
	let isOpen = true;
	const waiting = new Set<() => void>();
	const gate: Gate = {
		isReady: () => isOpen,
		whenReady: (work) => {
			waiting.add(work);
			return () => waiting.delete(work);
		},
	};
	const close = (): void => {
		isOpen = false;
	};
	const reopen = (): void => {
		isOpen = true;
		const works = [...waiting];
		waiting.clear();
		for (const work of works) work();
	};
	return { gate, close, reopen };
};

const start = () => {
	const hand = handTimers();
	const door = handGate();
	const monitor = createMonitor(stateAfter([]));
	const clock = createDrawingClock(monitor, hand.timers, door.gate);
	let drawings = 0;
	const stop = clock.subscribe(() => drawings++);
	const change = (): void => monitor.dispatch({ type: 'toggle-wrap' });
	return { ...hand, ...door, monitor, clock, stop, change, drawings: () => drawings };
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

test('while the last frame is on its way none is drawn, and then the newest', () => {
	const { change, advance, drawings, close, reopen, clock, monitor } = start();
	change();
	close();
	for (let frame = 0; frame < 10; frame++) {
		change();
		advance(frameMs);
	}
	expect(drawings()).toBe(1);
	reopen();
	expect(drawings()).toBe(2);
	expect(clock.getSnapshot()).toBe(monitor.getState());
	advance(10 * frameMs);
	expect(drawings()).toBe(2);
});

test('what a key has changed is drawn at once, whatever is on its way', () => {
	const { change, advance, drawings, close, reopen, clock, monitor } = start();
	change();
	close();
	change();
	clock.drawNow();
	expect(drawings()).toBe(2);
	expect(clock.getSnapshot()).toBe(monitor.getState());
	// A key that has changed nothing draws nothing, and nothing is drawn twice.
	clock.drawNow();
	reopen();
	advance(10 * frameMs);
	expect(drawings()).toBe(2);
	change();
	expect(drawings()).toBe(3);
});

test('what has changed before somebody subscribes is drawn', () => {
	const { timers } = handTimers();
	const monitor = createMonitor(stateAfter([]));
	const clock = createDrawingClock(monitor, timers);
	monitor.dispatch({ type: 'toggle-wrap' });
	let drawings = 0;
	clock.subscribe(() => drawings++);
	expect(drawings).toBe(1);
	expect(clock.getSnapshot()).toBe(monitor.getState());
});
