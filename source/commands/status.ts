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
	)}${reasons(sessions)}${details(sessions)}`;
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
	return `${localClock(at)} (${formatRemaining(remainingMs(at, nowMs, 0))})`;
};

const tunnelOf = ({ auth_code: code, auth_url: url, tunnel_name: name }: NodeSession): string =>
	[code, url].filter(Boolean).join(' ') || (name ?? '–');

/** What somebody needs who enters by a tunnel, or looks for files. */
const details = (sessions: readonly NodeSession[]): string => {
	const known = sessions.filter(
		({ tunnel_name: tunnel, auth_code: code, working_directory: folder }) =>
			tunnel !== null || code !== null || folder !== null,
	);
	if (known.length === 0) return '';
	const rows = known.map((session) =>
		[
			String(session.node),
			session.tunnel_name ?? '–',
			session.auth_code || '–',
			session.auth_url || '–',
			session.generated_at === null ? '–' : localClock(session.generated_at),
			session.working_directory ?? '–',
		].map(safeText),
	);
	return `\n${table(['NODE', 'TUNNEL', 'CODE', 'PAGE', 'GENERATED', 'DIRECTORY'], rows)}`;
};

/** `14:32` in the user's time zone. */
const localClock = (iso: string): string => {
	const time = new Date(iso);
	return [time.getHours(), time.getMinutes()]
		.map((part) => String(part).padStart(2, '0'))
		.join(':');
};

const reasons = (sessions: readonly NodeSession[]): string =>
	sessions
		.flatMap(({ node, reason }) => (reason ? [`node ${node}: ${safeText(reason)}\n`] : []))
		.join('');
