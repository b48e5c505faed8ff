import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { sshKeygen } from '../../source/ssh/open-ssh.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { run } from './run.ts';

/** Looks until a condition holds, for 10 s at most. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
	const deadline = Date.now() + 10_000;
	while (!(await condition())) {
		if (Date.now() > deadline) throw new Error('the condition was not met within 10 s');
		await delay(20);
	}
};

export type TestAgent = {
	readonly env: NodeJS.ProcessEnv;
	/** Makes a key with a comment and adds it. */
	add(comment: string): Promise<void>;
};

/** A real ssh-agent of the test's own, without keys. */
export const startAgent = async (): Promise<TestAgent> => {
	const directory = temporaryDirectory();
	const socket = join(directory, 'agent');
	const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
	onTestFinished(() => end(agent));
	await until(() => existsSync(socket));
	const env = { ...process.env, SSH_AUTH_SOCK: socket };
	return {
		env,
		async add(comment) {
			const key = join(directory, comment.replaceAll(/\W/g, '-'));
			await sshKeygen('-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', key);
			const { code, stderr } = await run('ssh-add', ['-q', key], { env });
			if (code !== 0) throw new Error(stderr);
		},
	};
};

const end = async (child: ChildProcess): Promise<void> => {
	const ended = once(child, 'exit');
	if (child.kill()) await ended;
};
