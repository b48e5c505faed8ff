import { z } from 'zod';
import { Failure } from '../contract/failure.ts';
import type { LogRecordsReply } from '../contract/feeds.ts';
import {
	type ApiLog,
	type LogRecord,
	logPageDefault,
	logPageLimit,
	logQuerySchema,
} from '../contract/log.ts';
import { parse } from '../contract/parse.ts';
import { type App, jobOf, jobRoute, type ServerContext } from './context.ts';
import { logWindow } from './log-query.ts';
import { readBody } from './request-body.ts';

const apiLog = ({ timestamp, message, replica, level }: LogRecord): ApiLog => ({
	timestamp,
	message,
	replica,
	request_id: null,
	level,
});

const cursor = z.coerce.number().int().min(0);
const pageQuerySchema = z.object({
	before: cursor.optional(),
	after: cursor.optional(),
	limit: z.coerce.number().int().min(1).max(logPageLimit).default(logPageDefault),
});

/** Log records: by time as the Baseten training API has them, and by cursor. */
export const addLogRoutes = (app: App, context: ServerContext): void => {
	const { store, plane, clock } = context;

	app.get(`${jobRoute}/logs`, async (c) => {
		const job = jobOf(context, c);
		await plane.refreshLog(job.id, null, 0);
		const window = logWindow(parse(logQuerySchema, c.req.query()), clock());
		return c.json({ logs: store.logsWindow(job.id, window).map(apiLog) });
	});

	// The older form of the same call, which some clients still use.
	app.post(`${jobRoute}/logs`, async (c) => {
		const job = jobOf(context, c);
		await plane.refreshLog(job.id, null, 0);
		const window = logWindow(await readBody(c, logQuerySchema), clock());
		return c.json({ logs: store.logsWindow(job.id, window).map(apiLog) });
	});

	// Records next to a cursor; with neither `before` nor `after`, the newest.
	app.get(`${jobRoute}/logs/page`, async (c) => {
		const job = jobOf(context, c);
		const { before, after, limit } = parse(pageQuerySchema, c.req.query());
		if (before !== undefined && after !== undefined) {
			throw new Failure('invalid', 'before: can not be combined with after');
		}
		const read = (): LogRecord[] =>
			after === undefined
				? store.logsBefore(job.id, before ?? Number.MAX_SAFE_INTEGER, limit)
				: store.logsAfter(job.id, after, limit);
		let records = read();
		if (after !== undefined && after < store.logBounds(job.id).first - 1) {
			await plane.readWholeLog(job.id);
			records = read();
		} else if (records.length < limit) {
			await plane.refreshLog(job.id, before ?? null, limit);
			records = read();
		}
		return c.json({ records, ...store.logBounds(job.id) } satisfies LogRecordsReply);
	});
};
