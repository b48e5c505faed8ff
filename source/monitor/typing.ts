import type { ViewAction } from './actions.ts';

/** What happens to a text that is being typed. */
export type Edit = Extract<ViewAction, { type: 'type' | 'erase' | 'refuse' }>;

/** Text after a key; a whole character goes, not half of one. */
export const textAfter = (text: string, action: Exclude<Edit, { type: 'refuse' }>): string =>
	action.type === 'erase' ? Array.from(text).slice(0, -1).join('') : text + action.text;
