import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RelayOptions, relay } from '../../source/ssh/proxy.ts';
import { FrameDecoder } from '../../source/ssh/wire.ts';
import { selfSigned } from './self-signed.ts';
import { until } from './throw-away.ts';

const serve = async (server: Server): Promise<string> => {
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return `localhost:${(server.address() as AddressInfo).port}`;
};

/** A proxy that answers the frame with some bytes and then does what the test wants. */
const proxyThat = (answer: Buffer, then: (socket: Socket, jwt: string) => void = () => {}) =>
	serve(createServer({ allowHalfOpen: true }, (socket) => answerFrame(socket, answer, then)));

const answerFrame = (
	socket: Socket,
	answer: Buffer,
	then: (socket: Socket, jwt: string) => void,
): void => {
	const decoder = new FrameDecoder();
	const take = (chunk: Buffer): void => {
		const frame = decoder.push(chunk);
		if (frame === undefined) return;
		socket.off('data', take);
		socket.write(answer);
		then(socket, frame.jwt);
	};
	socket.on('data', take);
};

const start = (proxyAddress: string, more: Partial<RelayOptions> = {}) => {
	const stdin = new PassThrough();
	const stdout = new PassThrough();
	let output = '';
	stdout.setEncoding('latin1').on('data', (text: string) => {
		output += text;
	});
	const ended = relay({ jwt: 'a.b.c', proxyAddress, tls: false, stdin, stdout, ...more });
	// Each test looks at how it ended; until then it is nobody's unhandled rejection.
	ended.catch(() => {});
	return { stdin, stdout, ended, output: () => output };
};

describe('a link', () => {
	test('shows the token, and carries bytes both ways', async () => {
		let shown = '';
		const address = await proxyThat(Buffer.of(0), (socket, jwt) => {
			shown = jwt;
			socket.pipe(socket);
		});
		const { stdin, ended, output } = start(address);
		stdin.write('SSH-2.0-x\r\n');
		await until(() => output() === 'SSH-2.0-x\r\n');
		stdin.end('last');
		await ended;
		expect([shown, output()]).toEqual(['a.b.c', 'SSH-2.0-x\r\nlast']);
	});

	test('keeps bytes that come together with the answer', async () => {
		const address = await proxyThat(Buffer.from('\0SSH-2.0-y\r\n'), (socket) => socket.end());
		const { ended, output } = start(address);
		await ended;
		expect(output()).toBe('SSH-2.0-y\r\n');
	});

	test('after the end of its input it still delivers what the proxy sends', async () => {
		const address = await proxyThat(Buffer.of(0), (socket) => {
			socket.resume().on('end', () => socket.end('goodbye'));
		});
		const { stdin, ended, output } = start(address);
		stdin.end();
		await ended;
		expect(output()).toBe('goodbye');
	});

	test('ends when the proxy ends, though its input is still open', async () => {
		const address = await proxyThat(Buffer.of(0), (socket) => socket.end('bye'));
		const { stdin, ended, output } = start(address);
		await ended;
		expect([output(), stdin.destroyed]).toEqual(['bye', true]);
	});

	test('a reader that stalls slows the proxy down', async () => {
		const total = 64 * 1024 * 1024;
		let sent = 0;
		const address = await proxyThat(Buffer.of(0), (socket) => {
			const block = Buffer.alloc(1024 * 1024);
			const send = (): void => {
				while (sent < total) {
					sent += block.length;
					if (!socket.write(block)) return void socket.once('drain', send);
				}
				socket.end();
			};
			send();
		});
		let taken = 0;
		let release = (): void => {};
		const stalled = new Promise<void>((resolve) => {
			release = resolve;
		});
		const stdout = new Writable({
			write(chunk: Buffer, _, done) {
				taken += chunk.length;
				void stalled.then(() => done());
			},
		});
		const { ended } = start(address, { stdout });
		await until(() => taken > 0);
		let before = -1;
		await until(() => {
			const still = sent === before;
			before = sent;
			return still;
		});
		expect(sent).toBeLessThan(total / 2);
		release();
		await ended;
		expect(taken).toBe(total);
	});

	test('ssh that goes away is no failure', async () => {
		const address = await proxyThat(Buffer.of(0), (socket) => void socket.write('hello'));
		const stdout = new Writable({
			write: (_chunk, _encoding, done) => done(new Error('EPIPE')),
		});
		await start(address, { stdout }).ended;
	});
});

describe('what goes wrong is said', () => {
	test('nobody listens', async () => {
		const closed = createServer();
		const address = await serve(closed);
		closed.close();
		await expect(start(address).ended).rejects.toMatchObject({
			kind: 'unreachable',
			message: expect.stringMatching(/^Cannot reach the SSH proxy localhost:\d+: .*ECONNREFUSED/),
		});
	});

	test.each([
		['the byte 1', Buffer.of(1)],
		['another byte', Buffer.of(0x53)],
	])('the proxy answers %s', async (_, answer) => {
		const address = await proxyThat(answer);
		await expect(start(address).ended).rejects.toMatchObject({
			kind: 'unauthorized',
			message: expect.stringContaining('rejected the connection'),
		});
	});

	test('the proxy hangs up instead of an answer', async () => {
		const address = await proxyThat(Buffer.alloc(0), (socket) => socket.end());
		await expect(start(address).ended).rejects.toMatchObject({ kind: 'unauthorized' });
	});

	test('the proxy never answers', async () => {
		const address = await proxyThat(Buffer.alloc(0));
		const { ended, stdin } = start(address, { answerTimeoutMs: 50 });
		await expect(ended).rejects.toThrow('did not answer within 0.05 s');
		expect(stdin.destroyed).toBe(true);
	});

	test('the link breaks', async () => {
		const address = await proxyThat(Buffer.of(0), (socket) => void socket.resetAndDestroy());
		await expect(start(address).ended).rejects.toMatchObject({ kind: 'unreachable' });
	});

	test.each(['no-port', 'host:0', 'host:70000', ':22'])('%s is no address', async (address) => {
		await expect(start(address).ended).rejects.toThrow('not host:port');
	});
});

describe('TLS', () => {
	test('a trusted proxy is reached, with its name indicated', async () => {
		const pair = await selfSigned();
		let servername: string | false | null = null;
		const server = createTlsServer(pair, (socket) => {
			({ servername } = socket);
			answerFrame(socket, Buffer.of(0), (link) => link.pipe(link));
		});
		const { stdin, ended, output } = start(await serve(server), { tls: true, ca: [pair.cert] });
		stdin.end('through tls');
		await ended;
		expect([output(), servername]).toEqual(['through tls', 'localhost']);
	});

	test('a proxy that nobody vouches for gets no token', async () => {
		let received = 0;
		const server = createTlsServer(await selfSigned(), (socket) => {
			socket
				.on('error', () => {})
				.on('data', (chunk) => {
					received += chunk.length;
				});
		});
		const { ended } = start(await serve(server), { tls: true });
		await expect(ended).rejects.toMatchObject({
			kind: 'unreachable',
			message: expect.stringMatching(/has no trusted TLS: .*self-signed certificate/),
		});
		expect(received).toBe(0);
	});

	test('a proxy without TLS is told apart from one that is not there', async () => {
		const address = await serve(createServer((socket) => void socket.end('SSH-2.0-plain\r\n')));
		await expect(start(address, { tls: true }).ended).rejects.toThrow('has no trusted TLS');
	});

	test('a handshake that never ends is given up', async () => {
		const address = await serve(createServer());
		const { ended } = start(address, { tls: true, connectTimeoutMs: 50 });
		await expect(ended).rejects.toThrow('no answer within 0.05 s');
	});
});
