import { everyLine, type LineFilter } from '../contract/line-filter.ts';
import { type LogRecord, logPageLimit } from '../contract/log.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { Connection } from './connection.ts';

/** Resolves when the reader is ready for more. */
export type Print = (records: readonly LogRecord[]) => Promise<void>;

/** The cursor after which the last `lines` records begin; 0, the beginning, for all of them. */
export const cursorBefore = async (
	{ api }: Connection,
	job: TrainingJob,
	lines: number | undefined,
): Promise<number> => {
	if (lines === undefined) return 0;
	const { first, last } = await api.logsPage(job.training_project_id, job.id, { limit: 1 });
	return Math.max(first - 1, last - lines, 0);
};

/**
 * Prints what stands after a cursor and passes a filter, page by page: it reads no faster than the reader takes it.
 * @returns the last cursor
 */
export const printHistory = async (
	{ api }: Connection,
	job: TrainingJob,
	after: number,
	print: Print,
	filter: LineFilter = everyLine,
): Promise<number> => {
	let cursor = after;
	for (;;) {
		const { records, to } = await api.logsPage(job.training_project_id, job.id, {
			after: cursor,
			limit: logPageLimit,
			filter,
		});
		if (to <= cursor) return cursor;
		await print(records);
		cursor = to;
	}
};
