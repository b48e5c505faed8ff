import { sessionTriggers } from '../contract/session.ts';
import type { ViewAction } from './actions.ts';
import { jobsFor } from './job-picker.ts';
import { layoutOf } from './layout.ts';
import { endTop, isBefore, moveAnchor, topOf } from './log-view.ts';
import type { Anchor, MonitorState } from './state.ts';

/** Digits in the longest text that the extend prompt takes: enough to be told that it is absurd. */
const longestInput = 12;
const longestFilter = 60;

/** Applies a gesture that changes only what the screen shows. */
export const reduceView = (state: MonitorState, action: ViewAction): MonitorState => {
	switch (action.type) {
		case 'resize':
			return keepPlace({ ...state, columns: action.columns, rows: action.rows });
		case 'scroll':
			return scroll(state, action.rows);
		case 'scroll-screens':
			return scroll(state, screenRows(state, action.screens));
		case 'top':
			return pause(state, { seq: state.log.first ?? 1, row: 0 });
		case 'bottom':
			return follow(state);
		case 'toggle-follow':
			return state.view.mode === 'paused'
				? follow(state)
				: pause(state, topOf(state) ?? { seq: 1, row: 0 });
		case 'toggle-wrap':
			return keepPlace({ ...state, wrap: !state.wrap });
		case 'toggle-timestamps':
			return keepPlace({ ...state, timestamps: !state.timestamps });
		case 'filter':
			return keepPlace({ ...state, filter: state.filter === action.node ? null : action.node });
		case 'select':
			return select(state, action.by);
		case 'open':
			return { ...state, overlay: action.overlay };
		case 'close':
			return { ...state, overlay: null, message: null };
		case 'type':
		case 'erase':
		case 'refuse':
			return edit(state, action);
		case 'choose':
			return choose(state, action.by);
	}
};

/** Pages overlap by a row, so that a reader finds the place again. */
const screenRows = (state: MonitorState, screens: number): number => {
	const rows = layoutOf(state).logRows;
	return Math.sign(screens) * Math.max(1, Math.floor(Math.abs(screens) * rows) - 1);
};

/** A page that could not be had is asked for again when the reader moves. */
const retryPages = ({ pages }: MonitorState) => ({ ...pages, barren: [] });

const follow = (state: MonitorState): MonitorState => ({ ...state, view: { mode: 'follow' } });

const pause = (state: MonitorState, top: Anchor): MonitorState => {
	const seen = state.view.mode === 'paused' ? state.view.seen : state.log.last;
	return { ...state, view: { mode: 'paused', top, seen }, pages: retryPages(state) };
};

const scroll = (state: MonitorState, by: number): MonitorState => {
	const top = topOf(state);
	const end = endTop(state);
	if (top === null || end === null) return state;
	const target = moveAnchor(state, top, by);
	if (by > 0) return isBefore(target, end) ? pause(state, target) : follow(state);
	return isBefore(target, top) || state.view.mode === 'paused' ? pause(state, target) : state;
};

/** After a change of shape: a paused screen keeps its first line, but is never half empty for it. */
const keepPlace = (state: MonitorState): MonitorState => {
	if (state.view.mode === 'follow') return state;
	const end = endTop(state);
	const top = topOf(state) ?? end;
	if (top === null || end === null) return state;
	return { ...state, view: { ...state.view, top: isBefore(end, top) ? end : top } };
};

const select = (state: MonitorState, by: number): MonitorState => {
	const nodes = (state.snapshot?.sessions ?? []).map(({ node }) => node);
	const at = nodes.indexOf(state.selected);
	const selected = nodes[Math.min(nodes.length - 1, Math.max(0, at + by))];
	return selected === undefined ? state : { ...state, selected };
};

type Edit = Extract<ViewAction, { type: 'type' | 'erase' | 'refuse' }>;

const edit = (state: MonitorState, action: Edit): MonitorState => {
	const { overlay } = state;
	if (overlay?.kind === 'jobs' && action.type !== 'refuse') {
		const text = textAfter(overlay.text, action);
		return { ...state, overlay: { ...overlay, text: text.slice(0, longestFilter), choice: 0 } };
	}
	if (overlay?.kind !== 'extend') return state;
	if (action.type === 'refuse') {
		return { ...state, overlay: { ...overlay, error: action.error } };
	}
	const text = textAfter(overlay.text, action).slice(0, longestInput);
	return { ...state, overlay: { ...overlay, text, error: null } };
};

const textAfter = (text: string, action: Exclude<Edit, { type: 'refuse' }>): string =>
	action.type === 'erase' ? text.slice(0, -1) : text + action.text;

const choose = (state: MonitorState, by: number): MonitorState => {
	const { overlay } = state;
	if (overlay?.kind === 'jobs') {
		const last = jobsFor(overlay).length - 1;
		const choice = Math.max(0, Math.min(last, overlay.choice + by));
		return { ...state, overlay: { ...overlay, choice } };
	}
	if (overlay?.kind !== 'trigger') return state;
	const at = sessionTriggers.indexOf(overlay.choice) + by;
	const choice = sessionTriggers[Math.min(sessionTriggers.length - 1, Math.max(0, at))];
	return choice === undefined ? state : { ...state, overlay: { ...overlay, choice } };
};
