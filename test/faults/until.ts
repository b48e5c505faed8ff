import { setImmediate as turn } from 'node:timers/promises';

/** Waits until a condition holds, looking at it in every turn of the loop, for 20 s at most. */
export const until = async (
	condition: () => boolean | Promise<boolean>,
	what = 'the condition',
	deadlineMs = 20_000,
): Promise<void> => {
	const end = performance.now() + deadlineMs;
	while (!(await condition())) {
		if (performance.now() > end) throw new Error(`${what} did not come true in ${deadlineMs} ms`);
		await turn();
	}
};
