import { longestTimeoutMinutes } from '../contract/training-job.ts';

/** What the extend prompt proposes, and what an empty text stands for. */
export const defaultMinutes = 60;

/** The minutes that a user typed, or one line on why they can not be taken. */
export const parseMinutes = (
	text: string,
): { readonly minutes: number } | { readonly error: string } => {
	const trimmed = text.trim();
	if (trimmed === '') return { minutes: defaultMinutes };
	if (!/^-?\d+$/.test(trimmed)) return { error: 'type a whole number of minutes, such as 60' };
	const minutes = Number(trimmed);
	if (minutes < 1) return { error: 'a session can only be extended: 1 minute or more' };
	if (minutes > longestTimeoutMinutes) {
		return { error: `at most ${longestTimeoutMinutes} minutes, which is ten years` };
	}
	return { minutes };
};
