import type { Action } from './actions.ts';
import { reduceFeed } from './reduce-feed.ts';
import { reduceTick } from './reduce-tick.ts';
import { reduceView } from './reduce-view.ts';
import type { MonitorState } from './state.ts';

/** The state after an action. The log in it is shared and changes in place, see `MonitorState`. */
export const reduce = (state: MonitorState, action: Action): MonitorState => {
	switch (action.type) {
		case 'snapshot':
		case 'records':
		case 'gap':
		case 'heard':
		case 'link':
		case 'page-asked':
		case 'page':
		case 'page-failed':
		case 'matches-asked':
		case 'matches':
		case 'matches-failed':
			return reduceFeed(state, action);
		case 'message':
			return { ...state, message: { kind: action.kind, text: action.text, at: action.at } };
		case 'jobs':
			return state.overlay?.kind === 'jobs'
				? { ...state, overlay: { ...state.overlay, jobs: action.jobs } }
				: state;
		case 'metrics':
			return state.overlay?.kind === 'metrics'
				? { ...state, overlay: { kind: 'metrics', reply: action.reply } }
				: state;
		case 'agent':
			return { ...state, agent: action.agent };
		case 'task-started': {
			const tasks = [...state.tasks, { id: action.id, label: action.label }];
			return { ...state, tasks, message: null };
		}
		case 'task-settled':
			return { ...state, tasks: state.tasks.filter(({ id }) => id !== action.id) };
		case 'tick':
			return reduceTick(state, action.now);
		default:
			return reduceView(state, action);
	}
};
