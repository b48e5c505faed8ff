/** `warn`: something a user may miss; `fail`: signalbox can not do its work. */
export type CheckState = 'ok' | 'warn' | 'fail';

/** One thing that doctor looked at. */
export type Check = {
	readonly name: string;
	readonly state: CheckState;
	/** What was found. Never a secret. */
	readonly text: string;
	/** What to do about it, null when nothing is to do. */
	readonly mend: string | null;
};

export const ok = (name: string, text: string): Check => ({ name, state: 'ok', text, mend: null });
export const warn = (name: string, text: string, mend: string): Check => ({
	name,
	state: 'warn',
	text,
	mend,
});
export const fail = (name: string, text: string, mend: string): Check => ({
	name,
	state: 'fail',
	text,
	mend,
});
