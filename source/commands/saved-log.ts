import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure, messageOf } from '../contract/failure.ts';
import type { CommandEdges } from './edges.ts';
import { type LineStyle, logLine } from './log-line.ts';
import type { Print } from './print-history.ts';

/** Ms between two words on the progress. */
const tellEveryMs = 500;

export type SavedLog = {
	readonly print: (style: LineStyle) => Print;
	/** Puts the file in its place, and tells how many lines it has. @throws Failure when it can not be written. */
	finish(): Promise<number>;
	/** Frees the file; one that was not finished is gone. */
	close(): Promise<void>;
};

/**
 * A log on its way into a file: written beside it, and put in its place when it is whole, so that
 * an earlier one is never half overwritten. `tell` gets the lines so far, twice a second.
 * @throws Failure `failed` when the file can not be made.
 */
export const openSavedLog = async (
	given: string,
	{ cwd, now }: Pick<CommandEdges, 'cwd' | 'now'>,
	tell: (lines: number) => void,
): Promise<SavedLog> => {
	const path = resolve(cwd, given);
	const draft = `${path}.part`;
	const refuse = (cause: unknown): Failure =>
		new Failure('failed', `Cannot write ${path}: ${messageOf(cause)}.`, { cause });
	const file = await open(draft, 'w').catch((error) => {
		throw refuse(error);
	});
	let lines = 0;
	let toldAt = now();
	let isFinished = false;
	return {
		print: (style) => async (records) => {
			await file
				.appendFile(records.map((record) => logLine(record, style)).join(''))
				.catch((error) => {
					throw refuse(error);
				});
			lines += records.length;
			if (now() - toldAt < tellEveryMs) return;
			toldAt = now();
			tell(lines);
		},
		finish: async () => {
			await rename(draft, path).catch((error) => {
				throw refuse(error);
			});
			isFinished = true;
			return lines;
		},
		close: async () => {
			await file.close();
			if (!isFinished) await rm(draft, { force: true });
		},
	};
};
