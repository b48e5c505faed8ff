import { chmod, copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sshdProcesses } from '../../source/planes/local/ssh/sshd-sessions.ts';
import { isLoopback, parseProxyAddress } from '../../source/ssh/proxy-address.ts';
import { LocalPlane, skipWithoutSshd, User } from '../ssh/local-node.ts';
import { run } from '../ssh/run.ts';
import { until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const openPlane = async () => {
	const plane = await LocalPlane.open();
	await plane.addNode('mine', 0);
	await plane.addNode('other', 0);
	return { plane, user: new User(plane) };
};

const hostFolder = (user: User, job: string): string =>
	join(user.directory, 'signalbox', `training-job-${job}-0.local.ssh.baseten.co`);

describe.skipIf(skipWithoutSshd)('who is let in', () => {
	test('a certificate for one job opens nothing of another', async () => {
		const { user, plane } = await openPlane();
		await user.prepare('mine/0');
		const { command, args, env } = await user.prepare('other/0', { command: ['echo', 'inside'] });
		await copyFile(
			join(hostFolder(user, 'mine'), 'id-cert.pub'),
			join(hostFolder(user, 'other'), 'id-cert.pub'),
		);
		const said = await run(command, args, { env });
		expect(said).toMatchObject({ code: 255, stdout: '' });
		expect(said.stderr).toContain('Permission denied (publickey)');
		const log = await readFile(join(plane.sshDirectory('other/0'), 'sshd.log'), 'utf8');
		expect(log).toContain('Certificate does not contain an authorized principal');
	});

	test.each([
		['for another node of the job', ['mine/1'], '-1m:+10m', 'authorized principal'],
		['that has expired', ['mine/0'], '-20m:-10m', 'Certificate invalid: expired'],
		['that is not valid yet', ['mine/0'], '+10m:+20m', 'Certificate invalid: not yet valid'],
	])('a certificate %s opens nothing', async (_what, principals, validity, reason) => {
		const { user, plane } = await openPlane();
		const { command, args, env } = await user.prepare('mine/0', { command: ['echo', 'inside'] });
		const publicKey = await readFile(join(user.directory, 'id_ed25519.pub'), 'utf8');
		const terms = { kind: 'user', keyId: 'test', principals, validity, options: [] } as const;
		const certificate = await plane.certify(publicKey.split(' ').slice(0, 2).join(' '), terms);
		await writeFile(join(hostFolder(user, 'mine'), 'id-cert.pub'), `${certificate}\n`);
		expect(await run(command, args, { env })).toMatchObject({ code: 255, stdout: '' });
		const log = await readFile(join(plane.sshDirectory('mine/0'), 'sshd.log'), 'utf8');
		expect(log).toContain(reason);
	});

	test('a key without certificate opens nothing', async () => {
		const { user } = await openPlane();
		const { command, args, env } = await user.prepare('mine/0', { command: ['echo', 'inside'] });
		await writeFile(join(hostFolder(user, 'mine'), 'id-cert.pub'), '');
		const said = await run(command, args, { env });
		expect(said).toMatchObject({ code: 255, stdout: '' });
		expect(said.stderr).toContain('Permission denied (publickey)');
	});

	test('a token that leads to another node is noticed by its host key', async () => {
		const { user, plane } = await openPlane();
		const jwt = await plane.tokens.issue({ job: 'other', node: 0 });
		const launch = await user.prepare('mine/0', { command: ['echo', 'inside'], reply: { jwt } });
		const said = await run(launch.command, launch.args, { env: launch.env });
		expect(said).toMatchObject({ code: 255, stdout: '' });
		expect(said.stderr).toContain('Host key verification failed');
	});

	test('an expired token is rejected, in words', async () => {
		const { user, plane } = await openPlane();
		const { command, args, env } = await user.prepare('mine/0', { command: ['echo', 'inside'] });
		plane.clockAheadMs = 11 * 60_000;
		const said = await run(command, args, { env });
		expect(said).toMatchObject({ code: 255, stdout: '' });
		expect(said.stderr).toContain(`The SSH proxy ${plane.proxy.address} rejected the connection.`);
		expect(plane.refusals).toEqual([expect.stringContaining('"exp" claim timestamp check failed')]);
		expect(plane.connects).toEqual([]);
	});

	test('a token that somebody else signed is rejected', async () => {
		const { user, plane } = await openPlane();
		const other = await LocalPlane.open();
		const jwt = await other.tokens.issue({ job: 'mine', node: 0 });
		const launch = await user.prepare('mine/0', { command: ['echo', 'inside'], reply: { jwt } });
		const said = await run(launch.command, launch.args, { env: launch.env });
		expect(said).toMatchObject({ code: 255, stdout: '' });
		expect(plane.refusals).toEqual([expect.stringContaining('signature verification failed')]);
		expect(plane.connects).toEqual([]);
	});

	test('a node that is closed lets nobody in, and the plane learns why', async () => {
		const { user, plane } = await openPlane();
		plane.closeNode('mine/0', 'The job has ended.');
		const said = await user.ssh('mine/0', ['echo', 'inside']);
		expect(said).toMatchObject({ code: 255, stdout: '' });
		expect(said.stderr).toContain('rejected the connection');
		expect(plane.refusals).toEqual(['The job has ended.']);
	});

	test('a plane that does not vouch for its host keys is reached without the check', async () => {
		const { user } = await openPlane();
		const { command, args, env } = await user.prepare('mine/0', {
			command: ['echo', 'inside'],
			reply: { host_authority: null },
		});
		expect(await run(command, args, { env })).toEqual({ code: 0, stdout: 'inside\n', stderr: '' });
	});

	test('a malformed public key is refused before it reaches a file', async () => {
		const { plane } = await openPlane();
		const sign = (publicKey: string) => plane.sign({ jobId: 'mine', node: 0, publicKey });
		await expect(sign('ssh-ed25519 x\n-----')).rejects.toMatchObject({ kind: 'invalid' });
		// Well-formed on the outside: only ssh-keygen sees that the key is cut short.
		const type = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20short').toString('base64');
		await expect(sign(`ssh-ed25519 ${type}`)).rejects.toMatchObject({ kind: 'invalid' });
		expect(await readdir(join(plane.root, 'ssh'))).toEqual(
			expect.not.arrayContaining([expect.stringMatching(/^draft-/)]),
		);
	});

	test.each(['a,root', 'a b', '', 'a\nb', '../a'])(
		'job id %j gets no certificate',
		async (jobId) => {
			const { plane } = await openPlane();
			await expect(plane.sign({ jobId, node: 0, publicKey: '' })).rejects.toMatchObject({
				kind: 'invalid',
			});
		},
	);
});

describe.skipIf(skipWithoutSshd)('what lies around', () => {
	test('every file of user and plane is for its owner alone', async () => {
		const { user, plane } = await openPlane();
		await user.ssh('mine/0', ['true']);
		await until(() => sshdProcesses(plane.sshDirectory('mine/0')).length === 0);
		const secrets = ['proxy.json', 'authority', 'token-key.pem', 'host_key', 'environment.sh'];
		const entries = await readdir(plane.root, { recursive: true, withFileTypes: true });
		const files = entries.filter((entry) => entry.isFile());
		expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(secrets));
		for (const { parentPath, name } of files) {
			const { mode } = await stat(join(parentPath, name));
			const folder = await stat(parentPath);
			expect([name, mode & 0o077 & folder.mode], name).toEqual([name, 0]);
			if (secrets.includes(name)) expect([name, mode & 0o777]).toEqual([name, 0o600]);
		}
	});

	test('the token is in no argument and in no environment', async () => {
		const { user } = await openPlane();
		const { args, env } = await user.prepare('mine/0');
		const cache = await readFile(join(hostFolder(user, 'mine'), 'proxy.json'), 'utf8');
		const { jwt, proxy_address: address, tls } = JSON.parse(cache);
		expect(jwt).toMatch(/^eyJ/);
		expect(JSON.stringify([args, env])).not.toContain(jwt);
		expect([isLoopback(parseProxyAddress(address)), tls]).toEqual([true, false]);
	});

	test("a Match block of Baseten's own clients is not run, the rest of the file applies", async () => {
		const { user } = await openPlane();
		const directory = temporaryDirectory();
		const config = join(directory, 'config');
		const sign = join(directory, 'sign');
		await writeFile(sign, `#!/bin/sh\ntouch '${directory}/called'\nexit 1\n`);
		await chmod(sign, 0o700);
		await writeFile(
			config,
			`Match host training-job-*.ssh.baseten.co exec "${sign} %n"
	ProxyCommand false
Host *
	User somebody
	ControlMaster auto
	ControlPath ${directory}/master-%C
	ForwardAgent no
	ProxyJump nowhere.invalid
	SetEnv LC_CHECK=from-config
`,
		);
		const said = await user.ssh('mine/0', ['echo $LC_CHECK'], { sshArguments: ['-F', config] });
		expect(said).toEqual({ code: 0, stdout: 'from-config\n', stderr: '' });
		expect((await readdir(directory)).toSorted()).toEqual(['config', 'sign']);
	});
});
