import { expect, test } from 'vitest';
import { Failure } from '../../source/contract/failure.ts';
import { prepareSsh, runOnTerminal } from '../../source/ssh/launch.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const connection = {
	hostName: 'training-job-x-0.ssh.baseten.co',
	proxyCommand: ['signalbox', 'ssh-proxy'],
	sign: () => Promise.reject(new Failure('not_found', 'There is no job x.')),
};

test('a failed sign call ends the preparation with its own words', async () => {
	const directory = temporaryDirectory();
	await expect(prepareSsh({ ...connection, directory })).rejects.toThrow('There is no job x.');
});

test("baseten-cli's variable names another ssh", async () => {
	const reply = {
		ssh_certificate: 'ssh-ed25519-cert-v01@openssh.com AAAA',
		jwt: 'a.b.c',
		proxy_address: '127.0.0.1:1',
		ssh_cert_expires_at: '2030-01-01T00:00:00Z',
		host_authority: null,
		login_user: null,
		proxy_tls: null,
	};
	const given = { ...connection, sign: async () => reply, directory: temporaryDirectory() };
	const commandIn = async (env: NodeJS.ProcessEnv) =>
		(await prepareSsh({ ...given, env: { ...process.env, ...env } })).command;
	expect(await commandIn({ BASETEN_SSH_BINARY_OVERRIDE: '/opt/ssh' })).toBe('/opt/ssh');
	expect(await commandIn({})).toBe('ssh');
});

test('a wrong host name is refused before anything is written or asked', async () => {
	const directory = '/dev/null/never';
	const prepared = prepareSsh({ ...connection, hostName: 'example.com', directory });
	await expect(prepared).rejects.toMatchObject({ kind: 'invalid' });
});

test('without ssh it says what to install', async () => {
	const env = { PATH: temporaryDirectory() };
	await expect(runOnTerminal({ command: 'ssh', args: [], env })).rejects.toThrow(
		/^ssh is not installed\. Install OpenSSH/,
	);
});

test('the exit code comes back, and Ctrl-C is left to ssh meanwhile', async () => {
	const before = process.listenerCount('SIGINT');
	const running = runOnTerminal({ command: '/bin/sh', args: ['-c', 'exit 42'], env: process.env });
	expect(process.listenerCount('SIGINT')).toBe(before + 1);
	expect(await running).toEqual({ exitCode: 42, signal: null });
	expect(process.listenerCount('SIGINT')).toBe(before);
	const killed = { command: '/bin/sh', args: ['-c', 'kill -TERM $$'], env: process.env };
	expect(await runOnTerminal(killed)).toEqual({ exitCode: null, signal: 'SIGTERM' });
});
