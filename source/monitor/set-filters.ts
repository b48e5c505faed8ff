import type { LineFilter } from '../contract/line-filter.ts';
import { stepCharacters } from './find.ts';
import { keepPlace } from './jump.ts';
import { LineIndex } from './line-index.ts';
import { startSearch } from './search.ts';
import type { MonitorState } from './state.ts';

type Rule = Pick<MonitorState, 'filters' | 'isFolded'>;

/** Shows the lines that a rule lets through; a paused screen keeps its place, a search its pattern. */
const withRule = (state: MonitorState, rule: Rule): MonitorState => {
	const { log, view, search } = state;
	const { filters: filter, isFolded } = rule;
	if (filter !== state.filters) log.dropFilteredPages();
	const shown = new LineIndex(log, { filter, isFolded });
	if (view.mode === 'paused') shown.stepAt(view.top.seq);
	shown.step(stepCharacters);
	const pages = { ...state.pages, barren: [] };
	const next = { ...state, ...rule, shown, pages, logVersion: state.logVersion + 1 };
	if (search === null) return keepPlace(next);
	const { at, isWhole } = search;
	const again = { ...startSearch(next, search.pattern.source), at, isWhole };
	again.index.step(stepCharacters);
	return keepPlace({ ...next, search: again });
};

export const setFilters = (state: MonitorState, filters: LineFilter): MonitorState =>
	withRule(state, { filters, isFolded: state.isFolded });

/** Shows tracebacks whole, or only their first line and their exception. */
export const toggleFold = (state: MonitorState): MonitorState =>
	withRule(state, { filters: state.filters, isFolded: !state.isFolded });
