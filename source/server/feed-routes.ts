import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { type App, type Environment, jobOf, jobRoute, type ServerContext } from './context.ts';
import { parseFeedRequest, startOfFeed } from './feed-cursor.ts';
import { LogFeed } from './log-feed.ts';
import { SessionFeed } from './session-feed.ts';

/**
 * The two feeds, as `text/event-stream`. They write to Node's response themselves, because only
 * there can a slow reader be felt.
 */
export const addFeedRoutes = (app: App, context: ServerContext): void => {
	const { store } = context;

	/** A HEAD request, which Hono routes here too, must not open a feed. */
	const reply = (c: Context<Environment>, open: () => void): Response => {
		if (c.req.raw.method === 'HEAD') return c.body(null);
		open();
		return RESPONSE_ALREADY_SENT;
	};

	app.get(`${jobRoute}/logs/stream`, (c) => {
		const job = jobOf(context, c);
		const request = parseFeedRequest(
			c.req.header('last-event-id') ?? c.req.query('last_event_id'),
			c.req.query('tail'),
		);
		const start = startOfFeed(request, store.logBounds(job.id));
		return reply(c, () => new LogFeed(store, job.id, start, c.env.outgoing));
	});

	app.get(`${jobRoute}/sessions/stream`, (c) => {
		const job = jobOf(context, c);
		return reply(c, () => new SessionFeed(context, job.id, c.env.outgoing));
	});
};
