import type { ApiLog, LogQuery } from '../../contract/log.ts';
import { withoutRedrawMark } from '../../contract/redraw.ts';

/** `GET …/logs` of one job. */
export type LogSource = (query: LogQuery) => Promise<readonly ApiLog[]>;

/**
 * Each line without a `\r` at its end: there it is half of a line end (`\r\n`), and no redraw that
 * the next line takes the place of.
 */
export const wholeLines =
	(source: LogSource): LogSource =>
	async (query) => {
		const lines = await source(query);
		return lines.map((line) => ({ ...line, message: withoutRedrawMark(line.message) }));
	};

/** Epoch ms in which a line was written. */
export const msOf = ({ timestamp }: Pick<ApiLog, 'timestamp'>): number =>
	Number(timestamp.slice(0, -6)) || 0;

/** Longest window that is asked for at once: the API's documents name two limits, 2 h and 7 days. */
export const longestWindowMs = 2 * 60 * 60_000;
