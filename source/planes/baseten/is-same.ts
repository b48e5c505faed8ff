import type { NodeSession } from '../../contract/session.ts';
import type { TrainingJob } from '../../contract/training-job.ts';

/** Whether an answer tells nothing new: each change is sent to everybody who watches. */
export const isSame = (
	a: TrainingJob | NodeSession | undefined,
	b: TrainingJob | NodeSession,
): boolean => a !== undefined && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

const sorted = (value: object): object =>
	Object.fromEntries(Object.entries(value).toSorted(([x], [y]) => (x < y ? -1 : 1)));
