import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { type App, type Environment, jobOf, jobRoute, type ServerContext } from './context.ts';
import { type FeedRequest, type FeedStart, parseFeedRequest, startOfFeed } from './feed-cursor.ts';
import { LogFeed } from './log-feed.ts';
import { SessionFeed } from './session-feed.ts';

/**
 * The two feeds, as `text/event-stream`. They write to Node's response themselves, because only
 * there can a slow reader be felt.
 */
export const addFeedRoutes = (app: App, context: ServerContext): void => {
	const { store, plane } = context;

	/** A mirror reads what it lacks of a log that is wanted from the start. */
	const startOf = async (jobId: string, request: FeedRequest): Promise<FeedStart> => {
		const after = request.after ?? (request.tail === undefined ? 0 : undefined);
		if (!plane.isMirror || after === undefined || after >= store.logBounds(jobId).first - 1) {
			return startOfFeed(request, store.logBounds(jobId));
		}
		await plane.readWholeLog(jobId);
		return startOfFeed({ after: undefined, tail: undefined }, store.logBounds(jobId));
	};

	/** A HEAD request, which Hono routes here too, must not open a feed. */
	const reply = (c: Context<Environment>, jobId: string, open: () => void): Response => {
		if (c.req.raw.method === 'HEAD') return c.body(null);
		const release = plane.watch(jobId);
		open();
		c.env.outgoing.once('close', release);
		return RESPONSE_ALREADY_SENT;
	};

	app.get(`${jobRoute}/logs/stream`, async (c) => {
		const job = jobOf(context, c);
		const request = parseFeedRequest(
			c.req.header('last-event-id') ?? c.req.query('last_event_id'),
			c.req.query('tail'),
		);
		const start = await startOf(job.id, request);
		return reply(c, job.id, () => new LogFeed(store, job.id, start, c.env.outgoing));
	});

	app.get(`${jobRoute}/sessions/stream`, (c) => {
		const job = jobOf(context, c);
		return reply(c, job.id, () => new SessionFeed(context, job.id, c.env.outgoing));
	});
};
