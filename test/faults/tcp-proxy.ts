import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay in front of a server, with the faults of a bad network. */
export type TcpProxy = {
	readonly url: string;
	/** Connections that were accepted so far. */
	accepted(): number;
	/** Bytes that were passed to clients so far. */
	passed(): number;
	/** Resets every connection that stands. */
	cut(): void;
	/** While stalled, connections stay open and nothing is passed. */
	stall(stalled: boolean): void;
	/** Holds everything that goes to clients back for so many ms. */
	delay(ms: number): void;
	close(): Promise<void>;
};

/** @param target Base URL of the server, e.g. `http://127.0.0.1:4000`. */
export const startTcpProxy = async (target: string): Promise<TcpProxy> => {
	const { hostname, port } = new URL(target);
	const clients = new Set<Socket>();
	let accepted = 0;
	let passed = 0;
	let stalled = false;
	let delayMs = 0;

	const server = createServer((client) => {
		accepted += 1;
		clients.add(client);
		const upstream = connect(Number(port), hostname);
		client.pipe(upstream);
		const pass = (chunk: Buffer): void => {
			passed += chunk.length;
			if (!client.write(chunk)) upstream.pause();
		};
		client.on('drain', () => upstream.resume());
		upstream.on('data', (chunk) => {
			if (stalled) return;
			if (delayMs > 0) setTimeout(() => pass(chunk), delayMs);
			else pass(chunk);
		});
		const end = (): void => {
			clients.delete(client);
			client.destroy();
			upstream.destroy();
		};
		for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address !== 'object') throw new Error('no address');

	const cut = (): void => {
		for (const client of clients) client.resetAndDestroy();
	};
	return {
		url: `http://127.0.0.1:${address.port}`,
		accepted: () => accepted,
		passed: () => passed,
		cut,
		stall: (value) => {
			stalled = value;
		},
		delay: (ms) => {
			delayMs = ms;
		},
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			cut();
			await closed;
		},
	};
};
