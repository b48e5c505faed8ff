import { onTestFinished } from 'vitest';
import { BasetenDouble } from './baseten-double.ts';

/** A double of Baseten's API that is gone after the test. */
export const openDouble = async (): Promise<BasetenDouble> => {
	const double = await BasetenDouble.listen();
	onTestFinished(() => double.close());
	return double;
};
