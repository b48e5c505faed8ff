import { EventSource, type FetchLike, type FetchLikeResponse } from 'eventsource';
import type { Edges } from '../api/edges.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { failureOfNetwork, failureOfResponse } from '../api/request-failure.ts';
import { Failure, messageOf } from '../contract/failure.ts';

/**
 * Longest line that is taken, in characters: a full batch of the longest log lines (64 KiB each),
 * with every character escaped to six.
 */
const longestLine = 64 * 1024 * 1024;

/**
 * Reads the data of an event; `id` is the last event id of the stream. Throws a `Failure` when the
 * data is not what the feed promises: the connection is given up then.
 */
export type EventHandler = (data: string, id: string) => void;

export type AttemptOptions = {
	readonly endpoint: Endpoint;
	/** Path and query of the feed. */
	readonly path: string;
	/** Cursor to go on after, null for none. */
	readonly lastEventId: string | null;
	/** Handlers by the name of the event. */
	readonly events: Readonly<Record<string, EventHandler>>;
	readonly onOpen: () => void;
	/** Any bytes came, be it a comment. */
	readonly onBytes: () => void;
	/** An event was handled. */
	readonly onEvent: () => void;
	/** The attempt is over. Called once, and never after `close`. */
	readonly onEnd: (failure: Failure) => void;
	readonly edges: Edges;
};

/**
 * Opens one connection to a feed and returns what closes it. The parsing is the `eventsource`
 * package's; its own reconnecting is never used, because it has a fixed delay, ends for good on
 * any status but 200, and keeps the cursor to itself.
 */
export const openAttempt = (options: AttemptOptions): (() => void) => {
	const { endpoint, path, lastEventId, events, onOpen, onBytes, onEvent, onEnd, edges } = options;
	let failure: Failure | undefined;

	const connect: FetchLike = async (url, init) => {
		try {
			const response = await edges.fetch(url, {
				...init,
				headers: {
					...init.headers,
					authorization: endpoint.authorization,
					...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
				},
			});
			if (response.status !== 200) {
				throw await failureOfResponse(response, endpoint.url, edges.now());
			}
			return observed(response, onBytes);
		} catch (error) {
			failure = error instanceof Failure ? error : failureOfNetwork(error, endpoint.url);
			throw error;
		}
	};

	const source = new EventSource(`${endpoint.url}${path}`, {
		fetch: connect,
		maxBufferSize: longestLine,
	});
	let over = false;
	const close = (): void => {
		over = true;
		source.close();
	};
	const end = (reason: Failure): void => {
		if (over) return;
		close();
		onEnd(reason);
	};

	source.addEventListener('open', onOpen);
	source.addEventListener('error', ({ message }) => {
		end(failure ?? new Failure('unreachable', `The connection was lost (${message ?? 'ended'}).`));
	});
	for (const [name, handle] of Object.entries(events)) {
		source.addEventListener(name, (event) => {
			if (over) return;
			try {
				handle(String(event.data), event.lastEventId);
			} catch (error) {
				if (!(error instanceof Failure)) throw error;
				end(new Failure('failed', `The server sent a bad ${name} event: ${messageOf(error)}`));
				return;
			}
			onEvent();
		});
	}
	return close;
};

/** The response, telling of every chunk that is read: the package is silent about comments. */
const observed = (response: Response, onBytes: () => void): FetchLikeResponse => {
	const { body, url, status, redirected, headers } = response;
	if (body === null) return response;
	const getReader = () => {
		const reader = body.getReader();
		return {
			read: async () => {
				const chunk = await reader.read();
				if (!chunk.done) onBytes();
				return chunk;
			},
			cancel: () => reader.cancel(),
		};
	};
	return { body: { getReader }, url, status, redirected, headers };
};
