import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { ServerInfo } from '../contract/server-info.ts';
import type { Viewer } from '../contract/viewer.ts';
import { requireToken } from './authorization.ts';
import { type App, type Environment, jobRoute, type ServerContext } from './context.ts';
import { errorReply, replyToError } from './error-reply.ts';
import { addFeedRoutes } from './feed-routes.ts';
import { addJobRoutes } from './job-routes.ts';
import { addLogRoutes } from './log-routes.ts';
import { addProjectRoutes } from './project-routes.ts';
import { bodyLimitBytes } from './request-body.ts';
import { addSecretRoutes } from './secret-routes.ts';
import { addSessionRoutes } from './session-routes.ts';

/**
 * The HTTP face: the paths of the Baseten training API, the two feeds, and pages of the log by
 * cursor. Every path wants a token, and a full one opens all of them.
 * @param log Gets a line, with a stack, for each error that is a fault of the server.
 * @param onAction Gets a line for each request that was to change something: who, what, the answer.
 */
export const createApp = (
	context: ServerContext,
	viewers: readonly Viewer[],
	log: (line: string) => void,
	onAction?: (line: string) => void,
): App => {
	const app: App = new Hono<Environment>();
	app.onError(replyToError(log));
	app.notFound((c) => errorReply(c, 404, `There is no path ${c.req.path} here.`));
	app.use(requireToken(viewers, onAction));
	app.use(
		methodNotAllowed({
			app,
			onMethodNotAllowed: (c, methods) => {
				const allow = methods.join(', ');
				return errorReply(c, 405, `${c.req.path} takes ${allow} only.`, { allow });
			},
		}),
	);
	app.use(
		bodyLimit({
			maxSize: bodyLimitBytes,
			onError: (c) => errorReply(c, 413, 'The request body is larger than 1 MiB.'),
		}),
	);

	app.get('/v1/signalbox', (c) =>
		c.json({
			name: 'signalbox',
			version: context.version,
			plane: context.plane.name,
			server_time: new Date(context.clock()).toISOString(),
		} satisfies ServerInfo),
	);
	app.use(`${jobRoute}/*`, async (c, next) => {
		await context.plane.refreshJob(c.req.param('job') ?? '');
		await next();
	});
	addProjectRoutes(app, context);
	addJobRoutes(app, context);
	addSessionRoutes(app, context);
	addLogRoutes(app, context);
	addFeedRoutes(app, context);
	addSecretRoutes(app, context);
	return app;
};
