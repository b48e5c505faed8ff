import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
	ProxyServer,
	type ProxyServerOptions,
} from '../../source/planes/local/ssh/proxy-server.ts';
import { sshdProcesses } from '../../source/planes/local/ssh/sshd-sessions.ts';
import { ensureKeyPair } from '../../source/ssh/key-pair.ts';
import { prepareSsh } from '../../source/ssh/launch.ts';
import { parseProxyAddress } from '../../source/ssh/proxy-address.ts';
import { encodeFrame, longestJwtBytes } from '../../source/ssh/wire.ts';
import { LocalPlane, proxyCommand, skipWithoutSshd, User } from '../ssh/local-node.ts';
import { until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const dial = (address: string): Socket => {
	const socket = connect({ ...parseProxyAddress(address), allowHalfOpen: true });
	socket.on('error', () => {});
	onTestFinished(() => void socket.destroy());
	return socket;
};

/** Everything that a server says until it hangs up. */
const untilClosed = async (socket: Socket): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
	await new Promise((resolve) => socket.on('end', resolve).on('close', resolve));
	return Buffer.concat(chunks);
};

const listen = async (options: Partial<ProxyServerOptions> = {}) => {
	const refusals: string[] = [];
	const server = await ProxyServer.listen({
		tokens: { verify: async () => ({ job: 'a', node: 0 }) },
		sshd: '/nonexistent/sshd',
		resolve: () => ({ refused: 'closed' }),
		onRefuse: (reason) => void refusals.push(reason),
		...options,
	});
	onTestFinished(() => server.close());
	return { server, refusals };
};

describe('what is no client', () => {
	test.each([
		['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'not between'],
		['an SSH client without a token', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'not between'],
		['an oversized length', Buffer.from([0, 0, 0x40, 1]), `and ${longestJwtBytes}`],
		['no length', Buffer.alloc(4), 'not between'],
	])('%s is closed at once', async (_, bytes, reason) => {
		const { server, refusals } = await listen();
		const socket = dial(server.address);
		socket.write(bytes);
		const said = await untilClosed(socket);
		expect(said.length === 0 || said.equals(Buffer.of(1))).toBe(true);
		expect(refusals).toEqual([expect.stringContaining(reason)]);
	});

	test('a client that trickles or stalls is closed at the deadline', async () => {
		const { server, refusals } = await listen({ deadlineMs: 100 });
		const socket = dial(server.address);
		socket.write(Buffer.from([0, 0, 0, 9, 120]));
		expect([...(await untilClosed(socket))]).toEqual([1]);
		expect(refusals).toEqual(['The client sent no token within 0.1 s.']);
	});

	test('a client that breaks off is forgotten', async () => {
		const { server, refusals } = await listen();
		dial(server.address).end(Buffer.from([0, 0]));
		await until(() => refusals.length === 1);
		expect(refusals).toEqual(['The client broke off before its token was complete.']);
	});

	test('1000 connections at once keep nobody out, and are gone at the deadline', async () => {
		const { server, refusals } = await listen({ deadlineMs: 2_000 });
		const before = process.memoryUsage().rss;
		const idle = Array.from({ length: 1_000 }, () => dial(server.address).resume());
		await Promise.all(idle.map((socket) => once(socket, 'connect').catch(() => [])));
		const socket = dial(server.address);
		socket.write(encodeFrame('token'));
		expect([...(await untilClosed(socket))]).toEqual([1]);
		expect(refusals).toContain('closed');
		await until(
			() => idle.every((each) => each.readableEnded || each.destroyed) && refusals.length > 1_000,
		);
		expect(refusals).toHaveLength(1_001);
		expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
	});

	test('a refused client reads the byte 1', async () => {
		const { server, refusals } = await listen();
		const socket = dial(server.address);
		socket.write(encodeFrame('token'));
		expect([...(await untilClosed(socket))]).toEqual([1]);
		expect(refusals).toEqual(['closed']);
	});

	test('what onConnect throws keeps a client out', async () => {
		const { server, refusals } = await listen({
			resolve: () => ({ sshdConfigPath: '/nonexistent/sshd_config' }),
			onConnect: () => Promise.reject(new Error('cannot wake')),
		});
		const socket = dial(server.address);
		socket.write(encodeFrame('token'));
		expect([...(await untilClosed(socket))]).toEqual([1]);
		expect(refusals).toEqual(['cannot wake']);
	});

	test('closing hangs up on clients that are still talking', async () => {
		const { server } = await listen();
		const socket = dial(server.address);
		await once(socket, 'connect');
		socket.write(Buffer.from([0]));
		await Promise.all([untilClosed(socket), server.close()]);
		const late = dial(server.address);
		const [error] = await once(late, 'error').catch((cause: unknown) => [cause]);
		expect(error).toMatchObject({ code: 'ECONNREFUSED' });
	});

	test('a port that is taken is a clear failure', async () => {
		const { server } = await listen();
		const { port } = parseProxyAddress(server.address);
		await expect(listen({ port })).rejects.toThrow(
			/^Cannot open the SSH proxy's port: .*EADDRINUSE/,
		);
	});
});

describe.skipIf(skipWithoutSshd)('hand-over to sshd', () => {
	test('a client that does not wait for the answer loses nothing', async () => {
		const plane = await LocalPlane.open();
		await plane.addNode('a', 0);
		const socket = dial(plane.proxy.address);
		const jwt = await plane.tokens.issue({ job: 'a', node: 0 });
		socket.write(Buffer.concat([encodeFrame(jwt), Buffer.from('SSH-2.0-eager\r\n')]));
		let said = Buffer.alloc(0);
		socket.on('data', (chunk: Buffer) => {
			said = Buffer.concat([said, chunk]);
		});
		// sshd proposes algorithms only after it has read the client's banner.
		await until(() => said.includes('curve25519-sha256'));
		expect(said.toString('latin1')).toMatch(/^\0SSH-2\.0-OpenSSH/);
		socket.destroy();
		await until(() => sshdProcesses(plane.sshDirectory('a/0')).length === 0);
	});

	test('the processes of a node are known while they last, and ending one ends its connection', async () => {
		const plane = await LocalPlane.open();
		await plane.addNode('a', 0);
		const processes = () => sshdProcesses(plane.sshDirectory('a/0'));
		const { command, args, env } = await new User(plane).prepare('a/0', {
			// No shell at all: only sshd itself keeps this connection open.
			sshArguments: ['-F', 'none', '-N', '-v'],
		});
		const ssh = start(command, args, env);
		await said(ssh, 'Entering interactive session');
		const [pid, ...more] = processes();
		expect([pid, more]).toEqual([expect.any(Number), []]);
		process.kill(pid ?? 0);
		const [code] = await once(ssh, 'exit');
		expect(code).toBe(255);
		await until(() => processes().length === 0);
	});

	test('a session outlives a plane that is killed, and is found again', async () => {
		const root = temporaryDirectory();
		const directory = join(root, 'keys');
		const { publicKey } = await ensureKeyPair(directory);
		const fixture = new URL('../ssh/fixtures/plane.ts', import.meta.url).pathname;
		const plane = start(process.execPath, [fixture, root, 'a', publicKey]);
		const [line] = await once(createInterface({ input: plane.stdout }), 'line');
		const { command, args, env } = await prepareSsh({
			hostName: 'training-job-a-0.ssh.baseten.co',
			sign: async () => JSON.parse(line),
			proxyCommand,
			directory,
			sshArguments: ['-F', 'none'],
			command: ['cat'],
		});
		const ssh = start(command, args, env);
		ssh.stdin.write('before\n');
		const answers = createInterface({ input: ssh.stdout })[Symbol.asyncIterator]();
		expect(await answers.next()).toMatchObject({ value: 'before' });
		plane.kill('SIGKILL');
		await once(plane, 'exit');
		ssh.stdin.write('after\n');
		expect(await answers.next()).toMatchObject({ value: 'after' });
		const sshDirectory = join(root, 'node-ssh');
		expect(sshdProcesses(sshDirectory)).toHaveLength(1);
		ssh.stdin.end();
		expect(await once(ssh, 'exit')).toEqual([0, null]);
		await until(() => sshdProcesses(sshDirectory).length === 0);
	});
});

const start = (command: string, args: readonly string[], env = process.env) => {
	const child = spawn(command, args, { env, stdio: 'pipe' });
	onTestFinished(() => void child.kill('SIGKILL'));
	return child;
};

const said = (child: ChildProcess, text: string): Promise<void> => {
	let stderr = '';
	child.stderr?.on('data', (chunk: Buffer) => {
		stderr += chunk;
	});
	return until(() => stderr.includes(text));
};
