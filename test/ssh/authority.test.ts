import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { Authority } from '../../source/planes/local/ssh/authority.ts';
import { ProxyTokens } from '../../source/planes/local/ssh/proxy-tokens.ts';
import { createSigner } from '../../source/planes/local/ssh/signing.ts';
import { ensureKeyPair } from '../../source/ssh/key-pair.ts';
import { writePrivateFile } from '../../source/ssh/private-file.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { run } from './run.ts';

const now = Date.parse('2030-01-02T03:04:05.678Z');

const openSigner = async (directory: string) => {
	const authority = await Authority.open(join(directory, 'ssh'));
	const tokens = await ProxyTokens.open(join(directory, 'ssh'), () => now);
	const options = { authority, tokens, proxyAddress: '127.0.0.1:1', loginUser: 'me' };
	return { authority, tokens, sign: createSigner({ ...options, now: () => now }) };
};

test('a sign call answers with a certificate for one node and ten minutes', async () => {
	const directory = temporaryDirectory();
	const { authority, sign } = await openSigner(directory);
	const { publicKey } = await ensureKeyPair(join(directory, 'keys'));
	const reply = await sign({ jobId: 'job-a', node: 3, publicKey: `${publicKey} me@home\n` });
	expect(reply).toMatchObject({
		proxy_address: '127.0.0.1:1',
		ssh_cert_expires_at: '2030-01-02T03:14:05.678Z',
		host_authority: authority.publicKey,
		login_user: 'me',
	});

	const path = join(directory, 'cert.pub');
	await writePrivateFile(path, reply.ssh_certificate);
	const { stdout } = await run('ssh-keygen', ['-L', '-f', path]);
	expect(stdout).toMatch(/Key ID: "signalbox job-a\/3"/);
	expect(stdout).toMatch(/Principals: \n\s+job-a\/3\n\s+Critical Options: \(none\)/);
	expect(stdout.split('Extensions: ')[1]?.match(/permit-\S+/g)).toEqual([
		'permit-agent-forwarding',
		'permit-port-forwarding',
		'permit-pty',
	]);
	const [, from = '', to = ''] = /from (\S+) to (\S+)/.exec(stdout) ?? [];
	expect(Date.parse(to) - Date.parse(from)).toBe(11 * 60_000);

	expect(decodeProtectedHeader(reply.jwt)).toMatchObject({ alg: 'ES256' });
	const seconds = Math.floor(now / 1000);
	expect(decodeJwt(reply.jwt)).toMatchObject({
		job: 'job-a',
		node: 3,
		iat: seconds,
		exp: seconds + 600,
	});
});

test('a data directory keeps its keys, and another one has others', async () => {
	const directory = temporaryDirectory();
	const first = await openSigner(directory);
	const again = await openSigner(directory);
	const other = await openSigner(temporaryDirectory());
	expect(again.authority.publicKey).toBe(first.authority.publicKey);
	expect(other.authority.publicKey).not.toBe(first.authority.publicKey);

	const jwt = await first.tokens.issue({ job: 'a', node: 0 });
	expect(await again.tokens.verify(jwt)).toEqual({ job: 'a', node: 0 });
	await expect(other.tokens.verify(jwt)).rejects.toMatchObject({ kind: 'unauthorized' });
});

test('a token is refused when it is changed, unsigned, or late by a second', async () => {
	const directory = temporaryDirectory();
	const { tokens } = await openSigner(directory);
	const jwt = await tokens.issue({ job: 'a', node: 0 });
	const [head = '', body = '', signature = ''] = jwt.split('.');
	const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const forged = [
		[head, encode({ ...decodeJwt(jwt), job: 'b' }), signature],
		[encode({ alg: 'none' }), body, ''],
		[encode({ alg: 'HS256' }), body, signature],
		['', '', ''],
	];
	for (const parts of forged) {
		await expect(tokens.verify(parts.join('.'))).rejects.toMatchObject({ kind: 'unauthorized' });
	}
	const at = (time: number) => ProxyTokens.open(join(directory, 'ssh'), () => time);
	expect(await (await at(now + 599_000)).verify(jwt)).toEqual({ job: 'a', node: 0 });
	await expect((await at(now + 600_000)).verify(jwt)).rejects.toThrow('exp');
});
