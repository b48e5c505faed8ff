import { useEffect } from 'react';
import type { Monitor } from '../monitor/monitor.ts';
import { isStepNeeded, lookNeeded, pageNeeded } from '../monitor/requests.ts';
import type { Commands } from './commands.ts';

/**
 * Gets the lines that the screen needs, once it is drawn; and goes on with filtering and searching
 * piece by piece, whatever is drawn. Keys get their turn between two pieces.
 */
export const useLogRequests = (monitor: Monitor, commands: Commands): void => {
	useEffect(() => {
		const request = pageNeeded(monitor.getState());
		if (request === null) return;
		monitor.dispatch({ type: 'page-asked', request });
		commands.loadPage(request);
	});

	useEffect(() => {
		let step: NodeJS.Immediate | null = null;
		const goOn = (): void => {
			const state = monitor.getState();
			const look = lookNeeded(state);
			if (look !== null) {
				monitor.dispatch({ type: 'matches-asked' });
				commands.findMatches(look);
			}
			if (step !== null || !isStepNeeded(state)) return;
			step = setImmediate(() => {
				step = null;
				monitor.dispatch({ type: 'index-step' });
			});
		};
		goOn();
		const unsubscribe = monitor.subscribe(goOn);
		return () => {
			unsubscribe();
			if (step !== null) clearImmediate(step);
		};
	}, [monitor, commands]);
};
