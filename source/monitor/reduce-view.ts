import { sessionTriggers } from '../contract/session.ts';
import type { ViewAction } from './actions.ts';
import { conditionsOf } from './filters.ts';
import { jobsFor } from './job-picker.ts';
import { follow, jumpTo, keepPlace, pause } from './jump.ts';
import { layoutOf } from './layout.ts';
import { endTop, isBefore, moveAnchor, topOf } from './log-view.ts';
import { editPattern } from './pattern-prompt.ts';
import { reduceLines } from './reduce-lines.ts';
import type { MonitorState } from './state.ts';
import { type Edit, textAfter } from './typing.ts';

/** Digits in the longest text that the extend prompt takes: enough to be told that it is absurd. */
const longestInput = 12;
const longestFilter = 60;
/** Longest file name or place. */
const longestPlace = 500;

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
			return jumpTo(state, { seq: state.logFirst, isCentred: false });
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
		case 'toggle-mouse':
			return { ...state, hasMouse: !state.hasMouse };
		case 'toggle-whole':
			return state.overlay?.kind === 'save'
				? { ...state, overlay: { ...state.overlay, isWhole: !state.overlay.isWhole } }
				: state;
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
		default:
			return reduceLines(state, action);
	}
};

/** Pages overlap by a row, so that a reader finds the place again. */
const screenRows = (state: MonitorState, screens: number): number => {
	const rows = layoutOf(state).logRows;
	return Math.sign(screens) * Math.max(1, Math.floor(Math.abs(screens) * rows) - 1);
};

const scroll = (state: MonitorState, by: number): MonitorState => {
	const top = topOf(state);
	if (top === null) return state;
	const { log } = state;
	const target = moveAnchor(state, top, by);
	const end = endTop(state);
	const isNearEnd = end !== null && log.isWhole(target.seq, log.end ?? target.seq);
	if (by > 0) return isNearEnd && !isBefore(target, end) ? follow(state) : pause(state, target);
	return isBefore(target, top) || state.view.mode === 'paused' ? pause(state, target) : state;
};

const select = (state: MonitorState, by: number): MonitorState => {
	const nodes = (state.snapshot?.sessions ?? []).map(({ node }) => node);
	const at = nodes.indexOf(state.selected);
	const selected = nodes[Math.min(nodes.length - 1, Math.max(0, at + by))];
	return selected === undefined ? state : { ...state, selected };
};

const edit = (state: MonitorState, action: Edit): MonitorState => {
	const { overlay } = state;
	if (overlay?.kind === 'pattern') return editPattern(state, overlay, action);
	if (overlay?.kind === 'goto' || overlay?.kind === 'save') {
		if (action.type === 'refuse') {
			return { ...state, overlay: { ...overlay, error: action.error } };
		}
		const text = textAfter(overlay.text, action).slice(0, longestPlace);
		return { ...state, overlay: { ...overlay, text, error: null } };
	}
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

const choose = (state: MonitorState, by: number): MonitorState => {
	const { overlay } = state;
	if (overlay?.kind === 'jobs') {
		const last = jobsFor(overlay).length - 1;
		const choice = Math.max(0, Math.min(last, overlay.choice + by));
		return { ...state, overlay: { ...overlay, choice } };
	}
	if (overlay?.kind === 'filters') {
		const last = conditionsOf(state.filters).length - 1;
		const choice = Math.max(0, Math.min(last, overlay.choice + by));
		return { ...state, overlay: { ...overlay, choice } };
	}
	if (overlay?.kind !== 'trigger') return state;
	const at = sessionTriggers.indexOf(overlay.choice) + by;
	const choice = sessionTriggers[Math.min(sessionTriggers.length - 1, Math.max(0, at))];
	return choice === undefined ? state : { ...state, overlay: { ...overlay, choice } };
};
