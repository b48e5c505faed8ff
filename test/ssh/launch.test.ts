import { expect, test } from 'vitest';
import { Failure } from '../../source/contract/failure.ts';
import { prepareSsh, runSsh } from '../../source/ssh/launch.ts';
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

test('a wrong host name is refused before anything is written or asked', async () => {
	const directory = '/dev/null/never';
	const prepared = prepareSsh({ ...connection, hostName: 'example.com', directory });
	await expect(prepared).rejects.toMatchObject({ kind: 'invalid' });
});

test('without ssh it says what to install', async () => {
	const env = { PATH: temporaryDirectory() };
	await expect(runSsh({ command: 'ssh', args: [], env })).rejects.toThrow(
		/^ssh is not installed\. Install OpenSSH/,
	);
});

test('the exit code comes back, and Ctrl-C is left to ssh meanwhile', async () => {
	const before = process.listenerCount('SIGINT');
	const running = runSsh({ command: '/bin/sh', args: ['-c', 'exit 42'], env: process.env });
	expect(process.listenerCount('SIGINT')).toBe(before + 1);
	expect(await running).toEqual({ exitCode: 42, signal: null });
	expect(process.listenerCount('SIGINT')).toBe(before);
	const killed = { command: '/bin/sh', args: ['-c', 'kill -TERM $$'], env: process.env };
	expect(await runSsh(killed)).toEqual({ exitCode: null, signal: 'SIGTERM' });
});
