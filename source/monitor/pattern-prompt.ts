import { messageOf } from '../contract/failure.ts';
import { mostPatterns } from '../contract/line-filter.ts';
import { longestPattern, Pattern, type PatternText } from '../contract/pattern.ts';
import { findNearest } from './find.ts';
import { startSearch } from './search.ts';
import { setFilters } from './set-filters.ts';
import type { MonitorState, PatternPrompt } from './state.ts';
import { type Edit, textAfter } from './typing.ts';

const patternOf = ({ text, isPlain }: PatternPrompt): PatternText => ({ text, isPlain });

/** Opens a prompt for a pattern; what the screen shows now is what leaving it goes back to. */
export const openPattern = (state: MonitorState, use: PatternPrompt['use']): MonitorState => {
	const { view, search } = state;
	const overlay: PatternPrompt = {
		kind: 'pattern',
		use,
		text: '',
		isPlain: state.lastPattern?.isPlain ?? false,
		error: null,
		before: { view, search },
	};
	return { ...state, overlay };
};

/** Applies a key that was typed; a search shows what it finds while it is typed. */
export const editPattern = (
	state: MonitorState,
	prompt: PatternPrompt,
	action: Edit,
): MonitorState => {
	if (action.type === 'refuse') return withPrompt(state, { ...prompt, error: action.error });
	const text = textAfter(prompt.text, action).slice(0, longestPattern);
	return preview(state, { ...prompt, text });
};

export const togglePlain = (state: MonitorState, prompt: PatternPrompt): MonitorState =>
	preview(state, { ...prompt, isPlain: !prompt.isPlain });

/** Takes up what was searched for last. */
export const recallPattern = (state: MonitorState, prompt: PatternPrompt): MonitorState =>
	state.lastPattern === null ? state : preview(state, { ...prompt, ...state.lastPattern });

const withPrompt = (state: MonitorState, overlay: PatternPrompt): MonitorState => ({
	...state,
	overlay,
});

const preview = (state: MonitorState, prompt: PatternPrompt): MonitorState => {
	const shown = withPrompt({ ...state, ...prompt.before }, { ...prompt, error: null });
	if (prompt.text === '') return shown;
	try {
		if (prompt.use !== 'search') {
			new Pattern(patternOf(prompt));
			return shown;
		}
		const search = startSearch(state, patternOf(prompt));
		return findNearest({ ...shown, search });
	} catch (error) {
		return withPrompt(shown, { ...prompt, error: messageOf(error) });
	}
};

/** Leaves the prompt with everything as it was before. */
export const cancelPattern = (state: MonitorState, prompt: PatternPrompt): MonitorState => ({
	...state,
	...prompt.before,
	overlay: null,
});

/** Takes the pattern: to search for in the whole log, or as one more filter. */
export const submitPattern = (state: MonitorState, prompt: PatternPrompt): MonitorState => {
	const { use, text } = prompt;
	if (text === '') return cancelPattern(state, prompt);
	if (prompt.error !== null) return state;
	const pattern = patternOf(prompt);
	const closed = { ...state, overlay: null, lastPattern: pattern };
	if (use === 'search') {
		const { search } = state;
		return search === null ? closed : { ...closed, search: { ...search, isWhole: true } };
	}
	const patterns = state.filters[use];
	if (patterns.length >= mostPatterns) {
		return withPrompt(state, {
			...prompt,
			error: `there are ${mostPatterns} already: F removes one`,
		});
	}
	return setFilters(closed, { ...state.filters, [use]: [...patterns, pattern] });
};
