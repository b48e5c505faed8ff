import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { Failure } from '../contract/failure.ts';
import type { Viewer } from '../contract/viewer.ts';
import type { Environment } from './context.ts';
import { errorReply } from './error-reply.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Calls of the training API that read, although they are sent as POST. */
const readingPosts = /^\/v1\/training_jobs\/search$|\/(?:logs|metrics)$/;

const isReading = (method: string, path: string): boolean =>
	method === 'GET' || method === 'HEAD' || (method === 'POST' && readingPosts.test(path));

/**
 * Lets only requests with a token pass: `Authorization: Bearer TOKEN`, or `Api-Key TOKEN`, which
 * the Baseten training API still takes. Digests are compared, so the time tells nothing of it.
 * @param onAction Learns who has changed something, and how it was answered.
 */
export const requireToken = (
	viewers: readonly Viewer[],
	onAction: (line: string) => void = () => {},
): MiddlewareHandler<Environment> => {
	const known = viewers.map((viewer) => ({ viewer, expected: digest(viewer.token) }));
	return async (c, next) => {
		const given = /^(?:bearer|api-key) +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
		if (given === undefined) {
			throw new Failure(
				'unauthorized',
				'This server wants a token: send "Authorization: Bearer TOKEN".',
			);
		}
		const presented = digest(given);
		const viewer = known.find(({ expected }) => timingSafeEqual(presented, expected))?.viewer;
		if (!viewer) throw new Failure('unauthorized', 'The server does not know this token.');
		const { method, path } = c.req;
		if (isReading(method, path)) return next();
		if (viewer.access === 'read') {
			onAction(`${viewer.name} may only read: refused ${method} ${path}`);
			return errorReply(c, 403, `The token of ${viewer.name} may only read.`);
		}
		await next();
		onAction(`${viewer.name}: ${method} ${path} -> ${c.res.status}`);
		return undefined;
	};
};
