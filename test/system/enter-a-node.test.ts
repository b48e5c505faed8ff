import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Api, createApi } from '../../source/api/rest-client.ts';
import { openLocalHost } from '../../source/commands/local-host.ts';
import type { NodeSession } from '../../source/contract/session.ts';
import type { TrainingJob } from '../../source/contract/training-job.ts';
import { prepareSsh, type SshConnection } from '../../source/ssh/launch.ts';
import { proxyCommand, skipWithoutSshd } from '../ssh/local-node.ts';
import { type Outcome, run } from '../ssh/run.ts';
import { startAgent, until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

type Site = {
	readonly api: Api;
	push(trigger: string, commands?: string): Promise<TrainingJob>;
	node(job: TrainingJob): NodeSession;
	untilContainer(job: TrainingJob, container: string): Promise<void>;
	launch(job: TrainingJob, more?: Partial<SshConnection>): ReturnType<typeof prepareSsh>;
	ssh(job: TrainingJob, command: string, more?: Partial<SshConnection>): Promise<Outcome>;
	setTime(ms: number): void;
};

/** A local plane behind its HTTP server, and a user who goes the whole way over it. */
const openSite = async (): Promise<Site> => {
	const directory = temporaryDirectory();
	let nowMs = Date.now();
	const host = await openLocalHost({ dataDirectory: join(directory, 'data'), now: () => nowMs });
	const api = createApi(host);
	const launch = (job: TrainingJob, more: Partial<SshConnection> = {}) =>
		prepareSsh({
			hostName: `training-job-${job.id}-0.local.ssh.baseten.co`,
			sign: (publicKey) =>
				api.signSsh(job.training_project_id, job.id, { public_key: publicKey, replica_id: '0' }),
			proxyCommand,
			directory: join(directory, 'keys'),
			...more,
			sshArguments: ['-F', 'none', ...(more.sshArguments ?? [])],
		});
	const site: Site = {
		api,
		launch,
		node: (job) => {
			const [node] = host.store.jobs.sessions(job.id);
			if (!node) throw new Error('the job has no node');
			return node;
		},
		untilContainer: (job, container) => until(() => site.node(job).container === container),
		push: async (trigger, commands = 'sleep 60') => {
			const { id } = await api.createProject('test');
			return api.createJob(id, {
				runtime: {
					start_commands: [commands],
					environment_variables: { GREETING: 'hello', NUMBERS: '1 2' },
				},
				interactive_session: { trigger: trigger as never, session_provider: 'ssh' },
			});
		},
		ssh: async (job, command, more = {}) => {
			const { command: program, args, env } = await launch(job, { ...more, command: [command] });
			return run(program, args, { env });
		},
		setTime: (ms) => {
			nowMs = ms;
		},
	};
	onTestFinished(async () => {
		for (const { training_project_id: project, id } of await api.listJobs()) {
			await api.stopJob(project, id).catch(() => {});
		}
		await host.close();
	});
	return site;
};

describe.skipIf(skipWithoutSshd)('entering a node', () => {
	test('the first connection activates an on_demand session', async () => {
		const site = await openSite();
		const job = await site.push('on_demand');
		await site.untilContainer(job, 'running');
		expect(site.node(job).state).toBe('waiting');
		const said = await site.ssh(job, 'echo "$GREETING $NUMBERS"; pwd; echo $BT_TRAINING_JOB_ID');
		expect(said.stdout).toBe(`hello 1 2\n${site.node(job).working_directory}\n${job.id}\n`);
		expect(site.node(job)).toMatchObject({
			state: 'active',
			reason: 'someone connected by ssh',
			expires_at: expect.any(String),
		});
	});

	test("the user's agent is there inside, and with no-forwarding it is not", async () => {
		const site = await openSite();
		const agent = await startAgent();
		await agent.add('the key of the user');
		const job = await site.push('on_startup');
		await site.untilContainer(job, 'running');
		const inside = await site.ssh(job, 'ssh-add -l', { env: agent.env });
		expect(inside.stdout).toContain('the key of the user (ED25519)');
		const without = await site.ssh(job, 'ssh-add -l', { env: agent.env, forwardAgent: false });
		expect(without).toMatchObject({ code: 2, stdout: '' });
	});

	test('a failed on_failure job can be looked into, and not before', async () => {
		const site = await openSite();
		const job = await site.push('on_failure', 'echo state > state.txt; cat; exit 3');
		await site.untilContainer(job, 'held');
		const said = await site.ssh(job, 'cat state.txt');
		expect(said).toMatchObject({ code: 0, stdout: 'state\n' });
		const running = await site.push('on_failure');
		await site.untilContainer(running, 'running');
		await expect(site.ssh(running, 'true')).rejects.toMatchObject({
			kind: 'conflict',
			message: expect.stringContaining('becomes active when its commands fail'),
		});
	});

	test('the expiry ends shells with all that they started, and nobody gets in again', async () => {
		const site = await openSite();
		const job = await site.push('on_startup', 'true');
		await site.untilContainer(job, 'held');
		const { command, args, env } = await site.launch(job, {
			command: ['sleep 600 & echo in; wait'],
		});
		const shell = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
		const ended = once(shell, 'exit');
		await once(shell.stdout, 'data');
		site.setTime(Date.parse(site.node(job).expires_at ?? '') + 1);
		const [code] = await ended;
		expect(code).not.toBe(0);
		await site.untilContainer(job, 'ended');
		await expect(site.ssh(job, 'true')).rejects.toMatchObject({
			message: 'The session of node 0 has expired.',
		});
	});

	test('a job without a session, an unknown node and an unknown job say so', async () => {
		const site = await openSite();
		const { id } = await site.api.createProject('test');
		const job = await site.api.createJob(id, { runtime: { start_commands: ['sleep 60'] } });
		await expect(site.ssh(job, 'true')).rejects.toMatchObject({
			message: 'The job was created without interactive sessions.',
		});
		const sign = (jobId: string, node: string) =>
			site.api.signSsh(id, jobId, { public_key: 'ssh-ed25519 AAAA', replica_id: node });
		await expect(sign(job.id, '7')).rejects.toMatchObject({
			kind: 'not_found',
			message: `Job ${job.id} has no node 7.`,
		});
		await expect(sign('nosuch', '0')).rejects.toMatchObject({ kind: 'not_found' });
	});
});
