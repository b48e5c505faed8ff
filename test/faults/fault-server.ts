import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export type SeenRequest = {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingMessage['headers'];
	readonly body: string;
};

/** An HTTP server that gives prepared answers in turn, the last one again and again. */
export type FaultServer = {
	readonly url: string;
	/** Requests so far. */
	readonly seen: SeenRequest[];
	close(): Promise<void>;
};

export const startFaultServer = async (...answers: readonly Answer[]): Promise<FaultServer> => {
	const seen: SeenRequest[] = [];
	const server = createServer(async (request, response) => {
		const body = await text(request);
		const answer = answers[Math.min(seen.length, answers.length - 1)];
		seen.push({
			method: request.method ?? '',
			path: request.url ?? '',
			headers: request.headers,
			body,
		});
		answer?.(response, request);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address !== 'object') throw new Error('no address');
	return {
		url: `http://127.0.0.1:${address.port}`,
		seen,
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
};

/** Answers with a status and a body; a body that is no string goes as JSON. */
export const answer =
	(status: number, body: unknown = '', headers: Record<string, string> = {}): Answer =>
	(response) => {
		response.writeHead(status, headers);
		response.end(typeof body === 'string' ? body : JSON.stringify(body));
	};

/** Resets the connection instead of an answer. */
export const reset: Answer = (_response, request) => {
	request.socket.resetAndDestroy();
};

/** Never answers. */
export const silence: Answer = () => {};

/** Begins an event stream with this text and leaves it open. */
export const stream =
	(body: string): Answer =>
	(response) => {
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		response.write(body);
	};

/** Sends this text as a whole event stream and ends it. */
export const endedStream =
	(body: string): Answer =>
	(response) => {
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		response.end(body);
	};
