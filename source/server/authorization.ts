import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { Failure } from '../contract/failure.ts';
import type { Environment } from './context.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Lets only requests with the token pass: `Authorization: Bearer TOKEN`, or `Api-Key TOKEN`, which
 * the Baseten training API still takes. Digests are compared, so the time tells nothing of it.
 */
export const requireToken = (token: string): MiddlewareHandler<Environment> => {
	const expected = digest(token);
	return async (c, next) => {
		const given = /^(?:bearer|api-key) +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
		if (given === undefined) {
			throw new Failure(
				'unauthorized',
				'This server wants a token: send "Authorization: Bearer TOKEN".',
			);
		}
		if (!timingSafeEqual(digest(given), expected)) {
			throw new Failure('unauthorized', 'The server does not know this token.');
		}
		await next();
	};
};
