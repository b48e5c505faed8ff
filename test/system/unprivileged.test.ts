import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findNssWrapper } from '../../source/planes/local/ssh/login-names.ts';
import { program, startLocal } from '../program/start-local.ts';
import { skipWithoutSshd } from '../ssh/local-node.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A user that exists for the programs of this test alone, by a user database of its own. */
const worker = 4242;

const workerEnvironment = (home: string): NodeJS.ProcessEnv => {
	const database = join(home, 'passwd');
	writeFileSync(database, `worker:*:${worker}:${worker}::${home}:/bin/sh\n`);
	return {
		PATH: process.env['PATH'],
		HOME: home,
		SHELL: '/bin/sh',
		SIGNALBOX_DATA_DIR: join(home, 'data'),
		LD_PRELOAD: findNssWrapper(),
		NSS_WRAPPER_PASSWD: database,
		NSS_WRAPPER_GROUP: '/etc/group',
	};
};

const asWorker = { uid: worker, gid: worker };

/** Everyone but root proves with all the other tests what this one proves for root. */
const canBecomeWorker = (): boolean =>
	process.getuid?.() === 0 &&
	findNssWrapper() !== undefined &&
	spawnSync(process.execPath, [program, '--version'], asWorker).status === 0;

describe.skipIf(skipWithoutSshd || !canBecomeWorker())('a plane of a user who is not root', () => {
	test('runs jobs and lets in, as that user', async () => {
		const home = temporaryDirectory();
		chmodSync(home, 0o700);
		chownSync(home, worker, worker);
		const env = workerEnvironment(home);
		const signalbox = (...words: string[]) =>
			spawnSync(process.execPath, [program, ...words], { ...asWorker, env, encoding: 'utf8' });
		const { api } = await startLocal(join(home, 'data'), 0, { ...asWorker, env });
		const { id: project } = await api.createProject('desk');
		const job = await api.createJob(project, {
			runtime: { start_commands: ['id -u; sleep 60'] },
			interactive_session: { trigger: 'on_startup', session_provider: 'ssh' },
		});
		await expect
			.poll(async () => signalbox('logs', job.id).stdout, { timeout: 20_000 })
			.toContain(`${worker}\n`);
		const { status, stdout, stderr } = signalbox('ssh', job.id, '--', 'id -u; pwd');
		expect(status, stderr).toBe(0);
		expect(stdout.startsWith(`${worker}\n${home}/data/`), stdout).toBe(true);
	});
});
