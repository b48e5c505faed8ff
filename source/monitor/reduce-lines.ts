import type { ViewAction } from './actions.ts';
import { find, findNearest, stepCharacters } from './find.ts';
import { jumpTo, keepPlace } from './jump.ts';
import { layoutOf } from './layout.ts';
import { moveAnchor, topOf, visibleRows } from './log-view.ts';
import { withMessage } from './notice.ts';
import { cancelPattern, recallPattern, submitPattern, togglePlain } from './pattern-prompt.ts';
import { setFilters, toggleFold } from './set-filters.ts';
import type { MonitorState } from './state.ts';

/** Gestures about which lines are shown, and where among them the screen is. */
export type LinesAction = Extract<
	ViewAction,
	{
		type:
			| 'filter'
			| 'filters'
			| 'toggle-fold'
			| 'submit-pattern'
			| 'toggle-plain'
			| 'recall-pattern'
			| 'cancel-pattern'
			| 'find'
			| 'end-search'
			| 'jump'
			| 'bookmark'
			| 'to-bookmark'
			| 'extend-selection'
			| 'index-step';
	}
>;

/** Most bookmarks; one more takes the place of the oldest line's. */
const mostBookmarks = 100;

export const reduceLines = (state: MonitorState, action: LinesAction): MonitorState => {
	const { overlay } = state;
	switch (action.type) {
		case 'filter': {
			const node = state.filters.node === action.node ? null : action.node;
			return node === state.filters.node ? state : setFilters(state, { ...state.filters, node });
		}
		case 'filters':
			return setFilters(state, action.filters);
		case 'toggle-fold':
			return toggleFold(state);
		case 'submit-pattern':
			return overlay?.kind === 'pattern' ? submitPattern(state, overlay) : state;
		case 'toggle-plain':
			return overlay?.kind === 'pattern' ? togglePlain(state, overlay) : state;
		case 'recall-pattern':
			return overlay?.kind === 'pattern' ? recallPattern(state, overlay) : state;
		case 'cancel-pattern':
			return overlay?.kind === 'pattern' ? cancelPattern(state, overlay) : state;
		case 'find':
			return find(state, action.by, action.at);
		case 'end-search':
			return { ...state, search: null };
		case 'jump':
			return jumpTo(state, { seq: action.seq, isCentred: action.isCentred });
		case 'bookmark':
			return toggleBookmark(state);
		case 'to-bookmark':
			return toBookmark(state, action.by, action.at);
		case 'extend-selection':
			return extendSelection(state, action);
		case 'index-step':
			return step(state);
	}
};

const step = (state: MonitorState): MonitorState => {
	const hasFiltered = state.shown.step(stepCharacters);
	const hasSearched = !hasFiltered && (state.search?.index.step(stepCharacters) ?? false);
	if (!hasFiltered && !hasSearched) return state;
	const next = { ...state, logVersion: state.logVersion + 1 };
	if (hasFiltered) return keepPlace(next);
	// A match that a pattern was searched for may be among the lines of this step.
	return next.search?.at === null ? findNearest(next) : next;
};

const toggleBookmark = (state: MonitorState): MonitorState => {
	const seq = topOf(state)?.seq;
	if (seq === undefined) return state;
	const { bookmarks } = state;
	if (bookmarks.includes(seq)) {
		return { ...state, bookmarks: bookmarks.filter((each) => each !== seq) };
	}
	const all = [...bookmarks, seq].toSorted((a, b) => a - b);
	return { ...state, bookmarks: all.slice(-mostBookmarks) };
};

const toBookmark = (state: MonitorState, by: 1 | -1, now: number): MonitorState => {
	const { bookmarks } = state;
	const seq = topOf(state)?.seq ?? 0;
	const next =
		by === 1
			? (bookmarks.find((each) => each > seq) ?? bookmarks[0])
			: (bookmarks.findLast((each) => each < seq) ?? bookmarks.at(-1));
	if (next === undefined) return withMessage(state, 'info', 'no line is marked: M marks one', now);
	return jumpTo(state, { seq: next, isCentred: false });
};

type Extend = Extract<LinesAction, { type: 'extend-selection' }>;

/** Moves the end of the choice, and the screen along with it. */
const extendSelection = (state: MonitorState, { lines = 0, screens = 0 }: Extend): MonitorState => {
	const { overlay, shown, log } = state;
	if (overlay?.kind !== 'select') return state;
	const count = lines + Math.trunc(screens * layoutOf(state).logRows);
	let { to } = overlay;
	for (let left = Math.abs(count); left > 0; left--) {
		const next = count > 0 ? shown.next(to + 1) : shown.previous(to - 1);
		if (next === null || !log.isWhole(Math.min(to, next), Math.max(to, next))) break;
		to = next;
	}
	const moved = { ...state, overlay: { ...overlay, to } };
	const rows = visibleRows(moved);
	const [first, last] = [rows[0]?.seq ?? to, rows.at(-1)?.seq ?? to];
	if (to >= first && to <= last) return moved;
	const height = layoutOf(moved).logRows;
	const top = moveAnchor(moved, { seq: to, row: 0 }, to < first ? 0 : 1 - height);
	return jumpTo(moved, { seq: top.seq, isCentred: false });
};
