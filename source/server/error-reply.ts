import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { Failure, type FailureKind, messageOf } from '../contract/failure.ts';
import type { Environment } from './context.ts';

const statuses: Readonly<Record<FailureKind, ContentfulStatusCode>> = {
	usage: 400,
	invalid: 400,
	unauthorized: 401,
	not_found: 404,
	conflict: 409,
	unreachable: 502,
	failed: 500,
};

/** An error body with the text under both names that clients of the training API look for. */
export const errorReply = (
	c: Context<Environment>,
	status: ContentfulStatusCode,
	message: string,
	headers: Record<string, string> = {},
): Response => c.json({ error: message, message }, status, headers);

/** Turns whatever a route threw into a reply: a `Failure` by its kind, anything else to 500. */
export const replyToError =
	(log: (line: string) => void) =>
	(error: Error, c: Context<Environment>): Response => {
		if (error instanceof Failure) {
			const challenge = error.kind === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {};
			return errorReply(c, statuses[error.kind], error.message, challenge);
		}
		log(`${c.req.method} ${c.req.path} failed: ${error.stack ?? messageOf(error)}`);
		return errorReply(c, 500, `Internal error: ${messageOf(error)}`);
	};
