import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isIPv6 } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Failure, messageOf } from '../contract/failure.ts';
import { type Listen, loopbackListen } from '../contract/listen.ts';
import type { Viewer } from '../contract/viewer.ts';
import type { ControlPlane } from '../planes/control-plane.ts';
import type { Store } from '../store/store.ts';
import { createApp } from './app.ts';

export type ServerOptions = {
	readonly store: Store;
	readonly plane: ControlPlane;
	/** The secret that opens every path. */
	readonly token: string;
	/** Others with a token of their own. */
	readonly viewers?: readonly Viewer[];
	/** Plain HTTP on loopback by default. */
	readonly listen?: Listen;
	/** 0 (the default) lets the system choose a free port. */
	readonly port?: number;
	/** Version of signalbox that `GET /v1/signalbox` tells. */
	readonly version?: string;
	/** Epoch ms. */
	readonly clock?: () => number;
	/** Gets a line, with a stack, for each error that is a fault of the server. */
	readonly log?: (line: string) => void;
	/** Gets a line for each request that was to change something. */
	readonly onAction?: (line: string) => void;
};

export type RunningServer = {
	/** Base URL, e.g. `http://127.0.0.1:40123`. */
	readonly url: string;
	/** Ends the feeds, cuts all connections, and frees the port. The store stays open. */
	close(): Promise<void>;
};

/** Bytes that wait in Node for a slow reader before its feed pauses. */
const readerBufferBytes = 256 * 1024;

/**
 * Serves a store and a plane over HTTP.
 * @throws Failure `failed` when the address can not be listened on.
 */
export const startServer = async ({
	store,
	plane,
	token,
	viewers = [],
	listen = loopbackListen,
	port = 0,
	version = '0.0.0',
	clock = Date.now,
	log = () => {},
	onAction,
}: ServerOptions): Promise<RunningServer> => {
	const owner: Viewer = { name: 'owner', token, access: 'full' };
	const app = createApp({ store, plane, version, clock }, [owner, ...viewers], log, onAction);
	const answer = getRequestListener(app.fetch, { hostname: listen.name });
	const server =
		listen.tls === null
			? createServer({ highWaterMark: readerBufferBytes }, answer)
			: createTlsServer({ ...listen.tls, highWaterMark: readerBufferBytes }, answer);
	const url = await openPort(server, listen, port);
	return {
		url,
		close: async () => {
			if (!server.listening) return;
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
};

const openPort = async (
	server: Server,
	{ host, name, tls }: Listen,
	port: number,
): Promise<string> => {
	server.listen(port, host);
	try {
		await once(server, 'listening');
	} catch (error) {
		throw listenFailure(error, host, port);
	}
	const address = server.address();
	const bound = address !== null && typeof address === 'object' ? address.port : port;
	return `${tls ? 'https' : 'http'}://${isIPv6(name) ? `[${name}]` : name}:${bound}`;
};

const listenFailure = (error: unknown, host: string, port: number): Failure => {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'EADDRINUSE') {
		return new Failure(
			'failed',
			`Port ${port} is in use. Stop the program that holds it, or choose another with --port.`,
			{ cause: error },
		);
	}
	return new Failure('failed', `Cannot listen on ${host} port ${port}: ${messageOf(error)}.`, {
		cause: error,
	});
};
