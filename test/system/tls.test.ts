import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseProxyAddress } from '../../source/ssh/proxy-address.ts';
import { runCommand } from '../commands/run-command.ts';
import { program } from '../program/start-local.ts';
import { skipWithoutSshd } from '../ssh/local-node.ts';
import { run } from '../ssh/run.ts';
import { selfSigned } from '../ssh/self-signed.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A plane whose API and SSH proxy speak TLS, as `localhost`. */
const openSite = async () => {
	const home = temporaryDirectory();
	const { certPath, keyPath } = await selfSigned();
	const env = {
		PATH: process.env['PATH'],
		HOME: home,
		BASETEN_SSH_DIR: join(home, 'keys'),
		SIGNALBOX_DATA_DIR: join(home, 'data'),
	};
	const tls = [
		'--host',
		'127.0.0.1',
		'--name',
		'localhost',
		'--tls-cert',
		certPath,
		'--tls-key',
		keyPath,
	];
	const child = spawn(process.execPath, [program, 'local', '--json', ...tls], {
		env,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = await once(createInterface(child.stdout), 'line');
	const { url, ssh_proxy: proxy } = JSON.parse(line);
	const trusting = { ...env, NODE_EXTRA_CA_CERTS: certPath };
	const signalbox = (words: string[], variables: NodeJS.ProcessEnv = trusting) =>
		run(process.execPath, [program, ...words], { env: variables });
	onTestFinished(async () => {
		for (const { id } of JSON.parse((await signalbox(['jobs', '--json'])).stdout)) {
			await signalbox(['stop', id]);
		}
		child.kill();
		await once(child, 'exit');
	});
	const file = join(home, 'job.yaml');
	writeFileSync(
		file,
		'runtime: {start_commands: [sleep 60]}\ninteractive_session: {session_provider: ssh, trigger: on_startup}\n',
	);
	const { stdout } = await signalbox(['push', file, '--json']);
	const { id } = JSON.parse(stdout);
	return { env, url, proxy, signalbox, id };
};

describe.skipIf(skipWithoutSshd)('TLS of the local plane', () => {
	test('API and proxy are reached by their name, a long transfer is whole', async () => {
		const { url, proxy, signalbox, id, env } = await openSite();
		expect(url).toMatch(/^https:\/\/localhost:\d+$/);
		expect(proxy).toMatch(/^localhost:\d+$/);
		await expect
			.poll(async () => (await signalbox(['ssh', id, '--', 'echo inside'])).stdout, {
				timeout: 20_000,
			})
			.toBe('inside\n');
		const much = await signalbox(['ssh', id, '--', 'head -c 20000000 /dev/zero | sha256sum']);
		const carried = await signalbox(['ssh', id, '--', 'head -c 20000000 /dev/zero']);
		expect(carried.stdout).toHaveLength(20_000_000);
		expect(much.code).toBe(0);

		const untrusting = await signalbox(['jobs'], env);
		expect(untrusting.code).toBe(5);
		expect(untrusting.stderr).toMatch(/self-signed certificate/);
	});

	test('a client that speaks no TLS is closed', async () => {
		const { proxy } = await openSite();
		const { port } = parseProxyAddress(proxy);
		const socket = connect(port, '127.0.0.1');
		socket.write(Buffer.from([0, 0, 0, 5, 104, 101, 108, 108, 111]));
		const chunks: Buffer[] = [];
		socket.on('data', (chunk: Buffer) => void chunks.push(chunk)).on('error', () => {});
		await new Promise((resolve) => socket.on('close', resolve));
		// A TLS alert at most.
		expect(Buffer.concat(chunks).length).toBeLessThan(16);
	});
});

test.each([
	[['--host', '0.0.0.0'], 2, 'tokens would cross the network in clear'],
	[['--host', '192.0.2.1', '--tls-cert', 'x'], 2, 'belong together'],
	[['--tls-cert', '/nonexistent', '--tls-key', '/nonexistent'], 2, '--tls-cert: cannot read'],
	[['--tls-cert', 'package.json', '--tls-key', 'package.json'], 2, 'are no pair for TLS'],
])('signalbox local %j is refused', async (flags, code, message) => {
	const said = await runCommand(['local', ...flags], {
		SIGNALBOX_DATA_DIR: temporaryDirectory(),
	});
	expect(said.stderr).toContain(message);
	expect([said.code, said.stderr.trim().split('\n').length]).toEqual([code, 1]);
});

test('an address of no machine needs a name', async () => {
	const { certPath, keyPath } = await selfSigned();
	const flags = ['--host', '0.0.0.0', '--tls-cert', certPath, '--tls-key', keyPath];
	const said = await runCommand(['local', ...flags], { SIGNALBOX_DATA_DIR: temporaryDirectory() });
	expect(said.stderr).toContain('give --name as well');
});
