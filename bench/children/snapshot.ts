import { type Snapshot, snapshotSchema } from '../../source/contract/feeds.ts';

/** A running job with two nodes that can be entered. */
export const snapshotOf = (id: string): Snapshot => {
	const now = new Date().toISOString();
	return snapshotSchema.parse({
		job: {
			id,
			created_at: now,
			updated_at: now,
			current_status: 'TRAINING_JOB_RUNNING',
			training_project_id: 'p1',
			training_project: { id: 'p1', name: 'bench' },
			node_count: 2,
		},
		sessions: [0, 1].map((node) => ({
			session_id: `s${node}`,
			replica_id: `g00r${node}`,
			node,
			provider: 'ssh',
			trigger: 'on_startup',
			state: 'active',
			container: 'running',
			expires_at: new Date(Date.now() + 7_200_000).toISOString(),
			ssh_host: `training-job-${id}-${node}.local.ssh.baseten.co`,
		})),
		server_time: now,
		plane: 'local',
		queue: null,
	});
};
