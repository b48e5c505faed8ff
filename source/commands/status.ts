import type { Snapshot } from '../contract/feeds.ts';
import type { NodeSession } from '../contract/session.ts';
import { hasEnded, statusLabel } from '../contract/status.ts';
import { formatDuration, formatRemaining, remainingMs } from '../monitor/expiry.ts';
import { safeText } from '../monitor/fit.ts';
import { commandOf, enterCommandOf } from '../monitor/session-rows.ts';
import type { CommandInput } from './command.ts';
import { withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { jsonText, table } from './output.ts';
import { connectionFlagsOf, findJob } from './settings.ts';
import { snapshotOf } from './snapshot.ts';

/** `signalbox status JOB`: the job and the sessions of its nodes. */
export const status = (
	{ words: [id = ''], flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> =>
	withConnection(connectionFlagsOf(flags, edges), edges, async (connection) => {
		const snapshot = await snapshotOf(connection, await findJob(connection, id));
		const enterFlags = flags.remote === undefined ? '' : `--remote ${flags.remote}`;
		edges.stdout.write(flags.json ? jsonText(snapshot) : statusText(snapshot, enterFlags));
		return 0;
	});

/** A snapshot as people read it: a few lines on the job and a table of its nodes. */
export const statusText = (snapshot: Snapshot, enterFlags = ''): string => {
	const { job, sessions } = snapshot;
	const nowMs = Date.parse(snapshot.server_time);
	const until = hasEnded(job.current_status) ? Date.parse(job.updated_at) : nowMs;
	const age = formatDuration(until - Date.parse(job.created_at));
	const project = job.training_project?.name;
	const head = [
		`${project ? `${project} › ` : ''}${job.id}${job.name ? ` (${job.name})` : ''}`,
		`${statusLabel(job.current_status)}, ${age}${snapshot.queue ? `, ${snapshot.queue.ahead} ahead` : ''}`,
		...(job.error_message ? [job.error_message] : []),
	];
	return `${head.map(safeText).join('\n')}\n\n${table(
		['NODE', 'REPLICA', 'PROVIDER', 'TRIGGER', 'SESSION', 'EXPIRES', 'COMMANDS', 'CONNECT'],
		sessions.map((session) =>
			sessionRow(session, nowMs, enterCommandOf(session, job.id, enterFlags)),
		),
	)}${reasons(sessions)}`;
};

const sessionRow = (session: NodeSession, nowMs: number, enter: string | null): string[] =>
	[
		String(session.node),
		session.replica_id,
		session.provider ?? '–',
		session.trigger ?? '–',
		session.session_id === null ? 'none' : session.state,
		expiryOf(session, nowMs),
		commandOf(session),
		enter ?? tunnelOf(session),
	].map(safeText);

/** Local time and what is left, e.g. `14:32 (1h 58m)`. */
const expiryOf = ({ expires_at: at, state }: NodeSession, nowMs: number): string => {
	if (at === null || state !== 'active') return state === 'expired' ? 'expired' : '–';
	const time = new Date(at);
	const clock = [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, '0'));
	return `${clock.join(':')} (${formatRemaining(remainingMs(at, nowMs, 0))})`;
};

const tunnelOf = ({ auth_code: code, auth_url: url, tunnel_name: name }: NodeSession): string =>
	[code, url].filter(Boolean).join(' ') || (name ?? '–');

const reasons = (sessions: readonly NodeSession[]): string =>
	sessions
		.flatMap(({ node, reason }) => (reason ? [`node ${node}: ${safeText(reason)}\n`] : []))
		.join('');
