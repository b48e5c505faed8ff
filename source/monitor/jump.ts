import { layoutOf } from './layout.ts';
import { endTop, isBefore, moveAnchor, settle } from './log-view.ts';
import type { Anchor, Jump, MonitorState } from './state.ts';

/** Part of the screen that stays above a place that was jumped to. */
const partAbove = 1 / 3;

/** Pages that could not be had are asked for again when the reader moves. */
const retryPages = ({ pages }: MonitorState) => ({ ...pages, barren: [] });

export const follow = (state: MonitorState): MonitorState => ({
	...state,
	view: { mode: 'follow' },
	jump: null,
});

/** Stops at a row: nothing moves until the reader does. */
export const pause = (state: MonitorState, top: Anchor): MonitorState => {
	const seen = state.view.mode === 'paused' ? state.view.seen : state.log.last;
	return { ...state, view: { mode: 'paused', top, seen }, jump: null, pages: retryPages(state) };
};

/** Goes to a line: at once when it is in memory, else as soon as it has come. */
export const jumpTo = (state: MonitorState, jump: Jump): MonitorState =>
	arrive({ ...state, jump, pages: retryPages(state) });

/** The first row of a screen that is full of lines, also at the end of the log. */
const filledFrom = (state: MonitorState, top: Anchor): Anchor => {
	const end = endTop(state);
	const isPast = end !== null && state.log.isWhole(top.seq, state.log.last) && isBefore(end, top);
	return isPast ? end : top;
};

/** Carries a jump out whose lines have come. */
export const arrive = (state: MonitorState): MonitorState => {
	const { jump, log } = state;
	if (jump === null || !log.covers(jump.seq)) return state;
	state.shown.stepAt(jump.seq);
	const place = settle(state, { seq: jump.seq, row: 0 });
	if (place === null) return pause(state, { seq: jump.seq, row: 0 });
	const rows = jump.isCentred ? Math.floor(layoutOf(state).logRows * partAbove) : 0;
	const landed = pause(state, filledFrom(state, moveAnchor(state, place, -rows)));
	const { view } = landed;
	return view.mode === 'follow' ? landed : { ...landed, landed: { seq: jump.seq, top: view.top } };
};

/**
 * The line that a reader looks from, for the next thing of a kind: the one that was jumped to last,
 * unless the screen has moved since; else the first on the screen, and in follow mode the last.
 */
export const lookingFrom = ({ view, jump, landed, log }: MonitorState): number => {
	if (jump !== null) return jump.seq;
	if (view.mode === 'follow') return log.last + 1;
	const { top } = view;
	const isThere = landed !== null && landed.top.seq === top.seq && landed.top.row === top.row;
	return isThere ? landed.seq : top.seq;
};

/** After a change of shape: a paused screen keeps its first line, but is never half empty for it. */
export const keepPlace = (state: MonitorState): MonitorState => {
	if (state.view.mode === 'follow') return state;
	const { top } = state.view;
	if (!state.log.covers(top.seq)) return state;
	const settled = settle(state, top) ?? endTop(state);
	if (settled === null) return state;
	return { ...state, view: { ...state.view, top: filledFrom(state, settled) } };
};
