import type { Snapshot } from '../../source/contract/feeds.ts';
import type { LogRecord } from '../../source/contract/log.ts';
import type { NodeSession } from '../../source/contract/session.ts';
import type { Action } from '../../source/monitor/actions.ts';
import { reduce } from '../../source/monitor/reducer.ts';
import type { RingLimits } from '../../source/monitor/ring-limits.ts';
import { initialState, type MonitorState } from '../../source/monitor/state.ts';

/** The clock of these tests, ms; the server's is the same unless a test says otherwise. */
export const now = Date.parse('2026-01-01T12:00:00Z');

export const isoIn = (ms: number): string => new Date(now + ms).toISOString();

export const record = (seq: number, fields: Partial<LogRecord> = {}): LogRecord => ({
	seq,
	timestamp: `${now}000000`,
	message: `line ${seq}`,
	replica: null,
	level: 'INFO',
	...fields,
});

export const records = (from: number, to: number, fields: Partial<LogRecord> = {}): LogRecord[] =>
	Array.from({ length: to - from + 1 }, (_, index) => record(from + index, fields));

export const session = (node: number, fields: Partial<NodeSession> = {}): NodeSession => ({
	session_id: `session-${node}`,
	replica_id: `g00r${node}`,
	node,
	provider: 'ssh',
	auth_provider: null,
	trigger: 'on_demand',
	state: 'active',
	container: 'running',
	exit_code: null,
	timeout_minutes: 480,
	expires_at: isoIn(7_130_000),
	activated_at: null,
	auth_code: null,
	auth_url: null,
	generated_at: null,
	authenticated_at: null,
	tunnel_name: null,
	working_directory: '/app',
	ssh_host: `training-job-7xk2p9-${node}.local.ssh.baseten.co`,
	reason: null,
	...fields,
});

export const tunnel = (node: number, fields: Partial<NodeSession> = {}): NodeSession =>
	session(node, {
		provider: 'vs_code',
		state: 'waiting',
		expires_at: null,
		auth_code: '4F64-C0D9',
		auth_url: 'https://github.com/login/device',
		ssh_host: null,
		...fields,
	});

export const snapshot = (
	sessions: NodeSession[],
	job: Partial<Snapshot['job']> = {},
	fields: Partial<Snapshot> = {},
): Snapshot => ({
	job: {
		id: '7xk2p9',
		created_at: isoIn(-761_000),
		updated_at: isoIn(0),
		current_status: 'TRAINING_JOB_RUNNING',
		error_message: null,
		instance_type: null,
		training_project_id: 'p1',
		training_project: { id: 'p1', name: 'digits' },
		name: null,
		checkpoint_sync_status: null,
		priority: 0,
		availability_model: null,
		user: null,
		node_count: sessions.length,
		...job,
	},
	sessions,
	server_time: isoIn(0),
	plane: 'local',
	log: { first: 1, last: 0 },
	log_settled: true,
	queue: null,
	...fields,
});

export type Shape = {
	readonly columns?: number;
	readonly rows?: number;
	readonly limits?: Partial<RingLimits>;
};

/** A state to which actions were applied, one after the other. */
export const stateAfter = (actions: readonly Action[], shape: Shape = {}): MonitorState => {
	const { columns = 80, rows = 24, limits = {} } = shape;
	const bounds = { lines: 100_000, bytes: 1e9, historyLines: 32_768, historyBytes: 1e9, ...limits };
	return actions.reduce(reduce, initialState({ job: '7xk2p9', columns, rows, limits: bounds }));
};

export const apply = (state: MonitorState, ...actions: Action[]): MonitorState =>
	actions.reduce(reduce, state);

export const arrive = (lines: readonly LogRecord[], at: number = now): Action => ({
	type: 'records',
	records: lines,
	at,
});

export const show = (shown: Snapshot, at: number = now): Action => ({
	type: 'snapshot',
	snapshot: shown,
	at,
});
