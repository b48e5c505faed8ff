import { useState, useSyncExternalStore } from 'react';
import type { Monitor } from '../monitor/monitor.ts';
import type { MonitorState } from '../monitor/state.ts';
import { createDrawingClock } from './drawing-clock.ts';

/** The monitor's state, at most once per frame. */
export const useMonitor = (monitor: Monitor): MonitorState => {
	const [clock] = useState(() => createDrawingClock(monitor));
	return useSyncExternalStore(clock.subscribe, clock.getSnapshot);
};
