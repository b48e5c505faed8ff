import { spanMs } from '../contract/time-span.ts';

/** A place in the log that a user names. `ms`: epoch ms of the server's clock. */
export type Goto =
	| { readonly kind: 'time'; readonly ms: number }
	/** From 1, as the lines of a file are counted. */
	| { readonly kind: 'line'; readonly line: number }
	| { readonly kind: 'first-error' }
	| { readonly kind: 'last-failure' };

const dayMs = 86_400_000;

const words: Readonly<Record<string, Goto>> = {
	error: { kind: 'first-error' },
	failure: { kind: 'last-failure' },
};

/** What the prompt says while nothing is typed. */
export const gotoHint = '12:30 · -10m · line 1200 as 1200 · error · failure';

/**
 * Reads `12:30`, `12:30:05`, `2026-01-31 12:30`, `-10m`, `1200`, `error` (the first) or `failure`
 * (the last). A time of day is in the user's time zone and the latest one that has been.
 * @param now epoch ms of the server's clock
 */
export const parseGoto = (text: string, now: number): Goto | { readonly error: string } => {
	const given = text.trim().replace(/^:/, '');
	const word = words[given.toLowerCase()];
	if (word !== undefined) return word;
	if (/^\d{1,15}$/.test(given)) return { kind: 'line', line: Math.max(1, Number(given)) };
	const span = given.startsWith('-') ? spanMs(given.slice(1)) : null;
	if (span !== null) return { kind: 'time', ms: now - span };
	const ms = clockTime(given, now) ?? dateTime(given);
	if (ms !== null) return { kind: 'time', ms };
	return { error: `"${given}" is no place: ${gotoHint}` };
};

const clockTime = (text: string, now: number): number | null => {
	const [, hours, minutes, seconds = '0'] =
		/^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?$/.exec(text) ?? [];
	if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 60) {
		return null;
	}
	const date = new Date(now);
	date.setHours(Number(hours), Number(minutes), 0, Math.round(Number(seconds) * 1000));
	return date.getTime() > now ? date.getTime() - dayMs : date.getTime();
};

const dateTime = (text: string): number | null => {
	if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
	const ms = Date.parse(text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T'));
	return Number.isNaN(ms) ? null : ms;
};
