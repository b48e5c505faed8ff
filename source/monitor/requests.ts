import { isEveryLine, type LineFilter } from '../contract/line-filter.ts';
import { layoutOf } from './layout.ts';
import { moveAnchor, topOf, visibleRows } from './log-view.ts';
import { edgeOf, type Search } from './search.ts';
import type { MonitorState } from './state.ts';

/** Lines that the screen needs from the server: one of the places, under a filter. */
export type PageRequest = {
	/** Tells requests apart. */
	readonly key: string;
	readonly place: { readonly before?: number; readonly after?: number; readonly around?: number };
	readonly filter: LineFilter;
};

const requestFor = ({ filters }: MonitorState, place: PageRequest['place']): PageRequest => {
	const [[name, seq] = []] = Object.entries(place);
	const filter = isEveryLine(filters) ? '' : ` ${JSON.stringify(filters)}`;
	return { key: `${name} ${seq}${filter}`, place, filter: filters };
};

/**
 * The lines that should be asked from the server, null when none are: a reader wants to go to, or
 * looks at, a place that is not in memory, or is within a screen of one.
 */
export const pageNeeded = (state: MonitorState): PageRequest | null => {
	if (state.pages.loading !== null) return null;
	const wanted = placesNeeded(state).map((place) => requestFor(state, place));
	return wanted.find(({ key }) => !state.pages.barren.includes(key)) ?? null;
};

const placesNeeded = (state: MonitorState): readonly PageRequest['place'][] => {
	const { log, view, jump } = state;
	if (log.first === null) return [];
	if (jump !== null && !log.covers(jump.seq)) return [{ around: jump.seq }];
	if (view.mode === 'follow') {
		const isFull = visibleRows(state).length >= layoutOf(state).logRows;
		const from = log.end === null ? 1 : log.coveredFrom(log.end);
		return isFull || from <= 1 || isEveryLine(state.filters) ? [] : [{ before: from }];
	}
	const { seq } = view.top;
	if (!log.covers(seq)) return [{ around: seq }];
	const from = log.coveredFrom(seq);
	const to = log.coveredTo(seq);
	const height = layoutOf(state).logRows;
	const top = topOf(state);
	const places: PageRequest['place'][] = [];
	if (to < log.last) {
		const bottom = visibleRows(state).at(-1);
		const end = bottom === undefined ? null : moveAnchor(state, bottom, height);
		const isNear = end === null || (state.shown.next(end.seq + 1) ?? to + 1) > to;
		if (isNear) places.push({ after: to });
	}
	if (from > 1) {
		const start = top === null ? null : moveAnchor(state, top, -height);
		const isNear = start === null || (state.shown.previous(start.seq - 1) ?? from - 1) < from;
		if (isNear) places.push({ before: from });
	}
	return places;
};

/** A look at the server's older lines for a search. */
export type HistoryLook = {
	readonly search: Search['history'];
	readonly place: { readonly before: number } | { readonly after: number };
	readonly filter: LineFilter;
};

/** The next look that the search needs, null when it needs none, or one is under way. */
export const lookNeeded = ({
	search,
	log,
	logFirst,
	filters,
}: MonitorState): HistoryLook | null => {
	if (search === null || !search.isWhole || search.isLooking || search.error !== null) return null;
	const place = search.history.next(logFirst, edgeOf(log));
	if (place === null) return null;
	const include = [...filters.include, search.pattern.source];
	return { search: search.history, place, filter: { ...filters, include } };
};

/** Whether lines in memory wait to be filtered or searched. */
export const isStepNeeded = ({ shown, search }: MonitorState): boolean =>
	shown.isPartial || (search?.index.isPartial ?? false);
