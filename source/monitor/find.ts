import { jumpTo } from './jump.ts';
import { visibleRows } from './log-view.ts';
import { withMessage } from './notice.ts';
import { lookNeeded } from './requests.ts';
import { matchAtOrAfter, matchAtOrBefore, type Search } from './search.ts';
import type { MonitorState } from './state.ts';

/** Characters that are searched at once while a key is answered: some 2 ms of most patterns. */
export const stepCharacters = 1_000_000;

/** Cursors of the first and the last line on the screen; null when it is empty. */
const shownRange = (state: MonitorState): readonly [first: number, last: number] | null => {
	const rows = visibleRows(state);
	const [first, last] = [rows[0], rows.at(-1)];
	return first === undefined || last === undefined ? null : [first.seq, last.seq];
};

/** Stands on a match, and goes to it unless it is on the screen. */
const standOn = (state: MonitorState, search: Search, at: number): MonitorState => {
	const range = shownRange(state);
	const next = { ...state, search: { ...search, at } };
	const isShown = range !== null && at >= range[0] && at <= range[1];
	return isShown ? next : jumpTo(next, { seq: at, isCentred: true });
};

/** Stands on the match that is nearest to what the screen shows: on it, below it, or above. */
export const findNearest = (state: MonitorState): MonitorState => {
	const { search, log } = state;
	if (search === null) return state;
	search.index.step(stepCharacters);
	const top = shownRange(state)?.[0] ?? log.last;
	const found = matchAtOrAfter(search, log, top) ?? matchAtOrBefore(search, log, top);
	return found === null
		? { ...state, search: { ...search, at: null } }
		: standOn(state, search, found);
};

/** To the next match or the one before, and on from the other end of the log. */
export const find = (state: MonitorState, by: 1 | -1, now: number): MonitorState => {
	const { search, log } = state;
	if (search === null) {
		return withMessage(state, 'info', 'there is nothing to search for yet: / asks what', now);
	}
	const retried = { ...search, isWhole: true, error: null };
	const range = shownRange(state) ?? [log.last, log.last];
	const { at } = search;
	const isAtShown = at !== null && at >= range[0] && at <= range[1];
	const next =
		by === 1
			? matchAtOrAfter(search, log, isAtShown ? at + 1 : range[0])
			: matchAtOrBefore(search, log, isAtShown ? at - 1 : range[1]);
	if (next !== null) return standOn(state, retried, next);
	const waiting = { ...state, search: retried };
	const isPartial = search.index.isPartial || lookNeeded(waiting) !== null || search.isLooking;
	if (by === -1 && isPartial) {
		return withMessage(
			waiting,
			'info',
			'no earlier match yet: older lines are being searched',
			now,
		);
	}
	const other =
		by === 1
			? matchAtOrAfter(search, log, 0)
			: matchAtOrBefore(search, log, Number.MAX_SAFE_INTEGER);
	if (other === null) {
		const text = isPartial ? 'no match yet: lines are being searched' : 'no match';
		return withMessage(waiting, 'warn', text, now);
	}
	const end = by === 1 ? 'the last match: on from the first' : 'the first match: on from the last';
	return withMessage(standOn(state, retried, other), 'info', end, now);
};
