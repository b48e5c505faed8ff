import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { sshProxy } from '../../source/commands/ssh-proxy.ts';
import { writePrivateFile } from '../../source/ssh/private-file.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** What a client says first to a proxy that answers with 0 and hangs up: a TLS hello, or a frame. */
const spokenFirst = async (cache: { readonly tls?: boolean }, env: NodeJS.ProcessEnv) => {
	let first = -1;
	const server = createServer((socket) => {
		socket
			.on('error', () => {})
			.once('data', (chunk: Buffer) => {
				[first = -1] = chunk;
				socket.end(Buffer.of(0));
			});
	}).listen(0, '127.0.0.1');
	onTestFinished(() => void server.close());
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const path = join(temporaryDirectory(), 'proxy.json');
	const content = { jwt: 'a.b.c', proxy_address: `127.0.0.1:${port}`, ...cache };
	await writePrivateFile(path, JSON.stringify(content));
	const streams = { stdin: new PassThrough(), stdout: new PassThrough().resume() };
	const edges = { ...streams, env, cwd: '/', now: Date.now };
	await sshProxy({ words: [path], rest: [], flags: {} }, edges).catch(() => {});
	return first === 0x16 ? 'tls' : first === 0 ? 'plain' : 'nothing';
};

test.each([
	[{ tls: true }, {}, 'tls'],
	[{ tls: false }, {}, 'plain'],
	[{}, {}, 'plain'],
	[{ tls: true }, { BASETEN_SSH_PROXY_INSECURE: '1' }, 'plain'],
	[{ tls: true }, { BASETEN_SSH_PROXY_INSECURE: 'true' }, 'plain'],
	[{ tls: true }, { BASETEN_SSH_PROXY_INSECURE: 'yes' }, 'plain'],
	[{ tls: true }, { BASETEN_SSH_PROXY_INSECURE: '0' }, 'tls'],
] as const)('a cache of %j under %j is opened by %s', async (cache, env, expected) => {
	expect(await spokenFirst(cache, env)).toBe(expected);
});

test('a missing cache is a clear failure', async () => {
	const edges = {
		stdin: new PassThrough(),
		stdout: new PassThrough(),
		env: {},
		cwd: '/',
		now: Date.now,
	};
	const input = { words: ['/nonexistent/proxy.json'], rest: [], flags: {} };
	await expect(sshProxy(input, edges)).rejects.toThrow('/nonexistent/proxy.json');
});
