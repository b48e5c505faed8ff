import type { Monitor } from '../monitor/monitor.ts';
import type { MonitorState } from '../monitor/state.ts';

/** Ms between two drawings at least: 30 a second, which Ink's own limit aliases to half of that. */
export const frameMs = 33;

/** What the clock runs on; `schedule` returns what cancels. */
export type Timers = {
	readonly now: () => number;
	readonly schedule: (work: () => void, ms: number) => () => void;
};

export const systemTimers: Timers = {
	now: () => performance.now(),
	schedule: (work, ms) => {
		const timer = setTimeout(work, ms);
		return () => clearTimeout(timer);
	},
};

/** What drawings go through to the terminal. */
export type Gate = {
	/** False while the last frame is on its way. */
	readonly isReady: () => boolean;
	/** Calls `work` once, as soon as it is ready; returns what cancels. */
	readonly whenReady: (work: () => void) => () => void;
};

const openGate: Gate = { isReady: () => true, whenReady: () => () => {} };

/** A store as `useSyncExternalStore` takes it, which holds the state that is to be drawn. */
export type DrawingClock = {
	readonly subscribe: (redraw: () => void) => () => void;
	readonly getSnapshot: () => MonitorState;
	/** Draws what has changed without waiting. */
	readonly drawNow: () => void;
};

/**
 * Thins the monitor's changes out to one drawing per frame: the first is drawn at once, those
 * that follow within the frame together at its end. A frame that the gate has no room for is not
 * drawn at all: what has changed until it opens is drawn then. Without changes nothing runs.
 */
export const createDrawingClock = (
	monitor: Pick<Monitor, 'getState' | 'subscribe'>,
	timers: Timers = systemTimers,
	gate: Gate = openGate,
): DrawingClock => {
	let drawn = monitor.getState();
	let drawnAt = Number.NEGATIVE_INFINITY;
	let cancel: (() => void) | null = null;
	const listeners = new Set<() => void>();

	const draw = (): void => {
		cancel = null;
		drawnAt = timers.now();
		drawn = monitor.getState();
		for (const redraw of listeners) redraw();
	};
	const drawWhenReady = (): void => {
		if (gate.isReady()) draw();
		else cancel = gate.whenReady(draw);
	};
	const changed = (): void => {
		if (cancel !== null) return;
		const wait = drawnAt + frameMs - timers.now();
		if (wait <= 0) drawWhenReady();
		else cancel = timers.schedule(drawWhenReady, wait);
	};
	return {
		getSnapshot: () => drawn,
		drawNow: () => {
			cancel?.();
			cancel = null;
			if (monitor.getState() !== drawn) draw();
		},
		subscribe: (redraw) => {
			const unsubscribe = listeners.size === 0 ? monitor.subscribe(changed) : null;
			listeners.add(redraw);
			// A component subscribes some time after its first drawing.
			if (monitor.getState() !== drawn) changed();
			return () => {
				listeners.delete(redraw);
				unsubscribe?.();
				cancel?.();
				cancel = null;
			};
		},
	};
};
