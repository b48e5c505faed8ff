import { useState, useSyncExternalStore } from 'react';
import type { Monitor } from '../monitor/monitor.ts';
import type { MonitorState } from '../monitor/state.ts';
import { createDrawingClock, type Gate, systemTimers } from './drawing-clock.ts';

/** The monitor's state, at most once per frame, and what draws it at once. */
export const useMonitor = (
	monitor: Monitor,
	gate?: Gate,
): readonly [state: MonitorState, drawNow: () => void] => {
	const [clock] = useState(() => createDrawingClock(monitor, systemTimers, gate));
	return [useSyncExternalStore(clock.subscribe, clock.getSnapshot), clock.drawNow];
};
