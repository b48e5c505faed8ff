import { z } from 'zod';
import { Failure } from '../contract/failure.ts';
import type { LogMatchesReply, LogRecordsReply } from '../contract/feeds.ts';
import { everyLine, type LineFilter, lineFilterSchema } from '../contract/line-filter.ts';
import {
	type ApiLog,
	type LogRecord,
	logPageDefault,
	logPageLimit,
	logQuerySchema,
} from '../contract/log.ts';
import { parse } from '../contract/parse.ts';
import type { Store } from '../store/store.ts';
import { type App, jobOf, jobRoute, type ServerContext } from './context.ts';
import { type Found, type LookRequest, lookThrough, recordsThrough } from './log-look.ts';
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
const placeSchema = z.object({
	before: cursor.optional(),
	after: cursor.optional(),
	around: cursor.optional(),
	limit: z.coerce.number().int().min(1).max(logPageLimit).default(logPageDefault),
	filter: z.string().optional(),
});
type Place = z.output<typeof placeSchema>;

/** @throws Failure `invalid` when the query names more than one place */
const placeOf = (query: Record<string, string>): Place => {
	const place = parse(placeSchema, query);
	const [one, other] = (['before', 'after', 'around'] as const).filter(
		(name) => place[name] !== undefined,
	);
	if (other !== undefined)
		throw new Failure('invalid', `${one}: can not be combined with ${other}`);
	return place;
};

/** @throws Failure `invalid` */
const filterOf = ({ filter }: Place): LineFilter => {
	if (filter === undefined) return everyLine;
	let value: unknown;
	try {
		value = JSON.parse(filter);
	} catch (error) {
		throw new Failure('invalid', 'filter: is not valid JSON', { cause: error });
	}
	return parse(lineFilterSchema, value);
};

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

	type Through<Item> = (store: Store, request: LookRequest) => Found<Item>;

	/** Looks at a place of the log; a mirror gets what it does not have yet. */
	const look = async <Item>(
		jobId: string,
		place: Place,
		through: Through<Item>,
	): Promise<Found<Item>> => {
		const { before, after, around, limit } = place;
		const filter = filterOf(place);
		const up = (seq: number, most: number): Found<Item> =>
			through(store, { jobId, seq, direction: 'up', limit: most, filter });
		const down = (seq: number, most: number): Found<Item> =>
			through(store, { jobId, seq, direction: 'down', limit: most, filter });
		if (after !== undefined) {
			if (after < store.logBounds(jobId).first - 1) await plane.readWholeLog(jobId);
			return up(after + 1, limit);
		}
		if (around !== undefined) {
			const half = Math.ceil(limit / 2);
			const [older, newer] = [down(around - 1, half), up(around, half)];
			return { items: [...older.items, ...newer.items], from: older.from, to: newer.to };
		}
		const start = (): number =>
			Math.min((before ?? Number.POSITIVE_INFINITY) - 1, store.logBounds(jobId).last);
		const found = down(start(), limit);
		const { first } = store.logBounds(jobId);
		if (found.items.length === limit || found.from > first) return found;
		await plane.refreshLog(jobId, before === undefined ? null : Math.min(before, first), limit);
		const isMore = store.logBounds(jobId).first < first || before === undefined;
		return isMore ? down(start(), limit) : found;
	};

	// Records next to a cursor; without one, the newest.
	app.get(`${jobRoute}/logs/page`, async (c) => {
		const { id } = jobOf(context, c);
		const { items, from, to } = await look(id, placeOf(c.req.query()), recordsThrough);
		const bounds = store.logBounds(id);
		return c.json({ records: items, from, to, ...bounds } satisfies LogRecordsReply);
	});

	// The same without the records: a search counts more than it shows.
	app.get(`${jobRoute}/logs/matches`, async (c) => {
		const { id } = jobOf(context, c);
		const { items, from, to } = await look(id, placeOf(c.req.query()), lookThrough);
		return c.json({ seqs: items, from, to, ...store.logBounds(id) } satisfies LogMatchesReply);
	});

	app.get(`${jobRoute}/logs/cursor`, async (c) => {
		const job = jobOf(context, c);
		const { time } = parse(z.object({ time: cursor }), c.req.query());
		if (plane.isMirror) await plane.readWholeLog(job.id);
		return c.json({ seq: store.logCursorAt(job.id, time) });
	});
};
