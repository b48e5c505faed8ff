import type { Action } from './actions.ts';
import { reduce } from './reducer.ts';
import type { MonitorState } from './state.ts';

/** The state of a screen and the only way to change it. */
export type Monitor = {
	readonly getState: () => MonitorState;
	/** Calls `listener` after each change; returns what ends that. */
	readonly subscribe: (listener: () => void) => () => void;
	readonly dispatch: (action: Action) => void;
};

/** Holds a state and applies actions to it, one after the other. */
export const createMonitor = (initial: MonitorState): Monitor => {
	let state = initial;
	const listeners = new Set<() => void>();
	return {
		getState: () => state,
		subscribe: (listener) => {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		dispatch: (action) => {
			const next = reduce(state, action);
			if (next === state) return;
			state = next;
			for (const listener of listeners) listener();
		},
	};
};
