import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createApi } from '../../source/api/rest-client.ts';
import { openSessionFeed } from '../../source/client/session-feed.ts';
import { openLocalHost } from '../../source/commands/local-host.ts';
import type { NodeSession } from '../../source/contract/session.ts';
import type { TrainingJob } from '../../source/contract/training-job.ts';
import { prepareSsh } from '../../source/ssh/launch.ts';
import { tunnelStandIn } from '../planes/local/tunnel-stand-in.ts';
import { proxyCommand, skipWithoutSshd } from '../ssh/local-node.ts';
import { run } from '../ssh/run.ts';
import { until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

afterEach(() => vi.unstubAllEnvs());

/** A job whose session waits to be asked for, and someone who watches its feed. */
const openSite = async (provider: 'ssh' | 'vs_code') => {
	const directory = temporaryDirectory();
	writeFileSync(join(directory, 'code'), tunnelStandIn, { mode: 0o755 });
	vi.stubEnv('PATH', `${directory}:${process.env['PATH']}`);
	const host = await openLocalHost({ dataDirectory: join(directory, 'data') });
	const api = createApi(host);
	const { id: project } = await api.createProject('test');
	const job = await api.createJob(project, {
		runtime: { start_commands: ['sleep 60'], environment_variables: { STAND_IN: directory } },
		interactive_session: { trigger: 'on_demand', session_provider: provider },
	});
	const seen: NodeSession[] = [];
	const feed = openSessionFeed({
		...host,
		projectId: project,
		jobId: job.id,
		onSnapshot: ({ sessions }) => void seen.push(...sessions),
		onState: () => {},
	});
	onTestFinished(async () => {
		feed.close();
		await api.stopJob(project, job.id);
		await host.close();
	});
	await until(() => seen.at(-1)?.container === 'running');
	expect(seen.at(-1)).toMatchObject({ state: 'waiting', expires_at: null });
	return { api, job, directory, last: () => seen.at(-1), seen };
};

const connect = async (api: ReturnType<typeof createApi>, job: TrainingJob, directory: string) => {
	const { command, args, env } = await prepareSsh({
		hostName: `training-job-${job.id}-0.local.ssh.baseten.co`,
		sign: (publicKey) =>
			api.signSsh(job.training_project_id, job.id, { public_key: publicKey, replica_id: '0' }),
		proxyCommand,
		directory: join(directory, 'keys'),
		sshArguments: ['-F', 'none'],
		command: ['true'],
	});
	expect(await run(command, args, { env })).toMatchObject({ code: 0 });
};

describe.skipIf(skipWithoutSshd)(
	'an on_demand session becomes active, and the feed tells it',
	() => {
		test('by the first connection of ssh', async () => {
			const { api, job, directory, last } = await openSite('ssh');
			await connect(api, job, directory);
			await until(() => last()?.state === 'active');
			expect(last()).toMatchObject({
				trigger: 'on_demand',
				reason: 'someone connected by ssh',
				expires_at: expect.any(String),
			});
		});

		test('by a completed login with a device code', async () => {
			const { directory, last, seen } = await openSite('vs_code');
			await until(() => last()?.auth_code != null);
			writeFileSync(join(directory, 'grant'), '');
			await until(() => last()?.state === 'active');
			expect(last()).toMatchObject({ reason: 'someone logged in', auth_code: null });
			expect(seen.some(({ state, auth_code: code }) => state === 'waiting' && code !== null)).toBe(
				true,
			);
		});

		test('by a PATCH of the trigger, which can not be taken back', async () => {
			const { api, job, last } = await openSite('ssh');
			const patch = (trigger: string) =>
				api.patchSession(job.training_project_id, job.id, last()?.session_id ?? '', { trigger });
			await patch('on_startup');
			await until(() => last()?.state === 'active');
			expect(last()).toMatchObject({ trigger: 'on_startup', reason: 'the trigger was changed' });
			await expect(patch('on_demand')).rejects.toMatchObject({ kind: 'conflict' });
		});
	},
);
