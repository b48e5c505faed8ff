import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SshSignReply } from '../../source/contract/ssh.ts';
import { readProxyCache, writeCredentials } from '../../source/ssh/credentials.ts';
import { parseSshHost } from '../../source/ssh/hostname.ts';
import { ensureKeyPair } from '../../source/ssh/key-pair.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const host = parseSshHost('training-job-x-0.work.ssh.baseten.co');
const reply: SshSignReply = {
	ssh_certificate: 'ssh-ed25519-cert-v01@openssh.com AAAA\n',
	jwt: 'a.b.c',
	proxy_address: 'proxy.example:443',
	ssh_cert_expires_at: '2026-01-01T00:00:00Z',
	host_authority: null,
	login_user: null,
	proxy_tls: null,
};

describe('writeCredentials', () => {
	test('keeps one private set per host', async () => {
		const directory = temporaryDirectory();
		const files = await writeCredentials(directory, host, reply);
		expect(files.certificate).toContain('/training-job-x-0.work.ssh.baseten.co/');
		expect(files.knownHosts).toBeNull();
		expect(await readProxyCache(files.proxyCache)).toEqual({
			jwt: 'a.b.c',
			proxy_address: 'proxy.example:443',
			tls: true,
		});
		for (const path of [files.certificate, files.proxyCache]) {
			expect((await stat(path)).mode & 0o777).toBe(0o600);
		}
		const other = await writeCredentials(directory, { ...host, node: 1 }, reply);
		expect(other.certificate).not.toBe(files.certificate);
	});

	test('names the authority of host keys for this host alone', async () => {
		const directory = temporaryDirectory();
		const { publicKey } = await ensureKeyPair(directory);
		const named = { ...reply, host_authority: `${publicKey} a comment` };
		const { knownHosts } = await writeCredentials(directory, host, named);
		expect(await readFile(knownHosts ?? '', 'utf8')).toBe(
			`@cert-authority training-job-x-0.ssh.baseten.co,training-job-x-0.work.ssh.baseten.co ${publicKey}\n`,
		);
	});

	test('an authority of two lines is refused', async () => {
		const directory = temporaryDirectory();
		const { publicKey } = await ensureKeyPair(directory);
		const forged = { ...reply, host_authority: `${publicKey}\n* ${publicKey}` };
		await expect(writeCredentials(directory, host, forged)).rejects.toThrow('public_key');
	});

	test.each([
		['127.0.0.1:9', false],
		['[::1]:9', false],
		['localhost:9', false],
		['128.0.0.1:9', true],
		['localhost.example:9', true],
	])('%s needs TLS: %s', async (proxy_address, tls) => {
		const files = await writeCredentials(temporaryDirectory(), host, {
			...reply,
			proxy_address,
		});
		expect(await readProxyCache(files.proxyCache)).toMatchObject({ tls });
	});
});

describe('readProxyCache', () => {
	test("reads a cache of Baseten's own clients", async () => {
		const path = join(temporaryDirectory(), 'cache.json');
		await writeFile(path, '{"jwt": "j", "proxy_address": "p:1"}');
		expect(await readProxyCache(path)).toEqual({ jwt: 'j', proxy_address: 'p:1' });
	});

	test.each(['', '{}', '[]'])('says how to renew a file that holds %j', async (content) => {
		const path = join(temporaryDirectory(), 'cache.json');
		await writeFile(path, content);
		await expect(readProxyCache(path)).rejects.toThrow('Connect with "signalbox ssh"');
	});
});
