import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Api, createApi } from '../source/api/rest-client.ts';
import { openLocalHost } from '../source/commands/local-host.ts';
import type { NodeSession, SessionTrigger } from '../source/contract/session.ts';
import { hasEnded } from '../source/contract/status.ts';
import type { TrainingJob } from '../source/contract/training-job.ts';
import { prepareSsh, type SshLaunch } from '../source/ssh/launch.ts';

/** A local plane with its server in a folder of its own, and a user who enters its nodes. */
export type Site = {
	readonly folder: string;
	readonly url: string;
	readonly token: string;
	readonly api: Api;
	/** Starts a job with an ssh session and waits until its node runs. */
	push(trigger: SessionTrigger): Promise<TrainingJob>;
	node(job: TrainingJob): NodeSession;
	/** The ssh that enters node 0. */
	enter(job: TrainingJob, command?: readonly string[]): Promise<SshLaunch>;
	close(): Promise<void>;
};

const cli = join(import.meta.dirname, '..', 'dist', 'cli.js');

export const openSite = async (): Promise<Site> => {
	const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
	const host = await openLocalHost({ dataDirectory: join(folder, 'data') });
	const api = createApi(host);
	const { id: project } = await api.createProject('bench');
	const node = (job: TrainingJob): NodeSession => {
		const [session] = host.store.jobs.sessions(job.id);
		if (!session) throw new Error('the job has no node');
		return session;
	};
	return {
		folder,
		url: host.url,
		token: host.token,
		api,
		node,
		push: async (trigger) => {
			const job = await api.createJob(project, {
				runtime: { start_commands: ['sleep 600'] },
				interactive_session: { trigger, session_provider: 'ssh' },
			});
			while (node(job).container !== 'running') await delay(20);
			return job;
		},
		enter: (job, command = []) =>
			prepareSsh({
				hostName: `training-job-${job.id}-0.local.ssh.baseten.co`,
				sign: (publicKey) =>
					api.signSsh(project, job.id, { public_key: publicKey, replica_id: '0' }),
				proxyCommand: [process.execPath, cli, 'ssh-proxy'],
				directory: join(folder, 'keys'),
				sshArguments: ['-F', 'none'],
				command,
			}),
		close: async () => {
			for (const { training_project_id: of, id, current_status: status } of await api.listJobs()) {
				if (!hasEnded(status)) await api.stopJob(of, id);
			}
			await host.close();
			await rm(folder, { recursive: true, force: true });
		},
	};
};
