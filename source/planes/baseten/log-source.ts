import type { ApiLog, LogQuery } from '../../contract/log.ts';

/** `GET …/logs` of one job. */
export type LogSource = (query: LogQuery) => Promise<readonly ApiLog[]>;

/** Epoch ms in which a line was written. */
export const msOf = ({ timestamp }: Pick<ApiLog, 'timestamp'>): number =>
	Number(timestamp.slice(0, -6)) || 0;

/** Longest window that is asked for at once: the API's documents name two limits, 2 h and 7 days. */
export const longestWindowMs = 2 * 60 * 60_000;
