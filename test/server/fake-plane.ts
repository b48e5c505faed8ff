import { Failure } from '../../source/contract/failure.ts';
import { metricsReplySchema } from '../../source/contract/metrics.ts';
import type { ControlPlane } from '../../source/planes/control-plane.ts';
import type { Store } from '../../source/store/store.ts';
import { sampleJob, sampleRequest, sampleSession, sampleTime } from '../store/samples.ts';

/** A plane that runs nothing: it writes what it is asked into the store, and can be told to fail. */
export type FakePlane = ControlPlane & {
	/** What the next action throws. */
	failWith: Error | undefined;
	/** Calls of patchSession so far. */
	patches: number;
};

export const createFakePlane = (store: Store): FakePlane => {
	let created = 0;
	const addJob = (projectId: string): string => {
		created += 1;
		const id = `new${created}`;
		store.insertJob(sampleJob(id, { training_project_id: projectId }), sampleRequest(), [
			sampleSession(0),
		]);
		return id;
	};
	const plane: FakePlane = {
		name: 'fake',
		failWith: undefined,
		patches: 0,
		start: async () => {},
		close: async () => {},
		isMirror: false,
		refreshJobs: async () => {},
		refreshJob: async () => {},
		refreshLog: async () => {},
		readWholeLog: async () => {},
		isLogSettled: () => true,
		queueOf: () => null,
		metrics: async () => metricsReplySchema.parse({}),
		watch: () => () => {},
		upsertProject: async (name) => {
			const id = `project-${name}`;
			store.putProject({ id, name, created_at: sampleTime, updated_at: sampleTime });
			const project = store.jobs.project(name);
			if (!project) throw new Error('the store lost a project');
			return project;
		},
		createJob: async (projectId) => {
			if (plane.failWith) throw plane.failWith;
			return store.requireJob(addJob(projectId));
		},
		stopJob: async (jobId) => {
			if (plane.failWith) throw plane.failWith;
			return store.updateJob(jobId, { current_status: 'TRAINING_JOB_STOPPED' });
		},
		recreateJob: async (jobId) =>
			store.requireJob(addJob(store.requireJob(jobId).training_project_id)),
		patchSession: async (jobId, sessionId, patch) => {
			plane.patches += 1;
			if (plane.failWith) throw plane.failWith;
			const session = store.jobs.sessions(jobId).find(({ session_id }) => session_id === sessionId);
			if (!session) throw new Failure('not_found', `No session found with ID: ${sessionId}`);
			store.putSession(jobId, { ...session, timeout_minutes: patch.timeout_minutes ?? null });
			return {
				interactive_session: {
					id: sessionId,
					trigger: patch.trigger ?? session.trigger,
					timeout_minutes: patch.timeout_minutes ?? null,
					session_provider: session.provider,
					auth_provider: null,
					pod_name: '0',
					expires_at: session.expires_at,
					tunnel_name: null,
					auth_code: null,
					auth_url: null,
					auth_code_generated_at: null,
					authenticated_at: null,
					working_directory: null,
				},
				message: 'done',
			};
		},
		signSsh: async (_jobId, request) => ({
			ssh_certificate: `certificate of ${request.public_key}`,
			jwt: 'a.b.c',
			proxy_address: '127.0.0.1:1',
			ssh_cert_expires_at: sampleTime,
			host_authority: null,
			login_user: null,
			proxy_tls: null,
		}),
		listSecrets: async () => store.secrets.list(),
		deleteSecret: async (name) => {
			if (!store.secrets.delete(name)) throw new Failure('not_found', `no ${name}`);
		},
		putSecret: async (name, value) => {
			store.secrets.put(name, value, sampleTime);
		},
	};
	return plane;
};
