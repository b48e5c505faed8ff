import type { NodeSession } from '../../contract/session.ts';
import type { CreateTrainingJob } from '../../contract/training-job.ts';
import { formatSshHost } from '../../ssh/hostname.ts';
import { randomId } from './random-id.ts';

/** Label of the local plane in the host names of its nodes. */
export const remoteLabel = 'local';

/** A node of a new job and its session, before anything runs. */
export const newSession = (
	jobId: string,
	node: number,
	{ interactive_session: config }: CreateTrainingJob,
): NodeSession => {
	const isSsh = config?.session_provider === 'ssh';
	return {
		session_id: config ? randomId(12) : null,
		replica_id: `g00r${node}`,
		node,
		provider: config?.session_provider ?? null,
		auth_provider: isSsh ? null : (config?.auth_provider ?? null),
		trigger: config?.trigger ?? null,
		state: config ? 'waiting' : 'ended',
		container: 'starting',
		exit_code: null,
		timeout_minutes: config?.timeout_minutes ?? null,
		expires_at: null,
		activated_at: null,
		auth_code: null,
		auth_url: null,
		generated_at: null,
		authenticated_at: null,
		tunnel_name: config && !isSsh ? `bt-session-${jobId}-${node}` : null,
		working_directory: null,
		ssh_host: isSsh ? formatSshHost({ job: jobId, node, remote: remoteLabel }) : null,
		reason: config ? null : 'the job was created without interactive sessions',
	};
};
