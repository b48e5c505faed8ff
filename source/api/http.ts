import type { z } from 'zod';
import { Failure, messageOf } from '../contract/failure.ts';
import { parse } from '../contract/parse.ts';
import { backoffMs } from './backoff.ts';
import type { Edges } from './edges.ts';
import type { Endpoint } from './endpoint.ts';
import { failureOfNetwork, failureOfResponse, RequestFailure } from './request-failure.ts';

export type RequestOptions<Schema extends z.ZodType> = {
	readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	/** Sent as JSON. */
	readonly body?: unknown;
	readonly reply: Schema;
	/** Whether the call may be repeated; by default only a GET may. */
	readonly repeatable?: boolean;
};

/** Sends one kind of request to one server: `path` starts with a slash. */
export type Send = <Schema extends z.ZodType>(
	path: string,
	options: RequestOptions<Schema>,
) => Promise<z.output<Schema>>;

/** Attempts after the first one, of calls that may be repeated. */
const retries = 2;

/**
 * A function that sends requests and reads the answers by their schema. Calls that may be repeated
 * are: after 429, 5xx, or a connection that was cut.
 * @param timeoutMs How long one attempt may take.
 */
export const createSend = (endpoint: Endpoint, edges: Edges, timeoutMs: number): Send => {
	const attempt = async (path: string, method: string, body: unknown): Promise<string> => {
		const headers: Record<string, string> = { authorization: endpoint.authorization };
		if (body !== undefined) headers['content-type'] = 'application/json';
		try {
			const response = await edges.fetch(`${endpoint.url}${path}`, {
				method,
				headers,
				signal: AbortSignal.timeout(timeoutMs),
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
			});
			if (!response.ok) throw await failureOfResponse(response, endpoint.url, edges.now());
			return await response.text();
		} catch (error) {
			throw error instanceof Failure ? error : failureOfNetwork(error, endpoint.url);
		}
	};

	const pause = (ms: number): Promise<void> =>
		new Promise((resolve) => {
			edges.after(ms, resolve);
		});

	return async (path, { method = 'GET', body, reply, repeatable = method === 'GET' }) => {
		for (let failures = 1; ; failures += 1) {
			try {
				return readReply(await attempt(path, method, body), reply, endpoint.url);
			} catch (error) {
				const again = repeatable && failures <= retries;
				if (!again || !(error instanceof RequestFailure) || !error.passing) throw error;
				await pause(error.retryAfter ?? backoffMs(failures, edges.random()));
			}
		}
	};
};

const readReply = <Schema extends z.ZodType>(
	text: string,
	schema: Schema,
	url: string,
): z.output<Schema> => {
	try {
		return parse(schema, JSON.parse(text));
	} catch (error) {
		throw new Failure(
			'failed',
			`${url} gave an answer that signalbox does not understand: ${messageOf(error)}`,
			{ cause: error },
		);
	}
};
