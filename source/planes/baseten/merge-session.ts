import type { AuthCode, InteractiveSession, NodeSession } from '../../contract/session.ts';
import { nodeOfReplica, nodeSessionSchema } from '../../contract/session.ts';
import { hasEnded } from '../../contract/status.ts';
import type { TrainingJob } from '../../contract/training-job.ts';
import { formatSshHost } from '../../ssh/hostname.ts';

/** A node of which the API has said nothing yet. */
const unknownNode = (node: number): NodeSession =>
	nodeSessionSchema.parse({ replica_id: String(node), node });

export type SessionsInput = {
	readonly job: TrainingJob;
	readonly codes: readonly AuthCode[];
	/** The nodes as they were known before. */
	readonly before: readonly NodeSession[];
	/** Label of the remote in host names, null for the default one. */
	readonly remote: string | null;
	/** Epoch ms of the server's clock. */
	readonly nowMs: number;
};

/**
 * The nodes of a job after a look at the API. It lists live sessions only, and of each neither
 * trigger nor provider: those stay what an earlier reply has revealed, or unknown. Nothing is
 * guessed but ssh, whose sessions have empty codes.
 */
export const sessionsOf = (input: SessionsInput): NodeSession[] => {
	const { job, codes, before } = input;
	const known = new Map(before.map((session) => [session.node, session]));
	const listed = new Map(codes.map((code) => [nodeOfReplica(code.replica_id) ?? 0, code]));
	const ranks = new Set([...known.keys(), ...listed.keys()]);
	for (let rank = 0; rank < (job.node_count ?? 0); rank += 1) ranks.add(rank);
	return [...ranks]
		.toSorted((a, b) => a - b)
		.map((rank) => {
			const session = known.get(rank) ?? unknownNode(rank);
			const code = listed.get(rank);
			const merged = code ? listedSession(session, code, input) : unlisted(session, input);
			return { ...merged, container: containerOf(job, merged) };
		});
};

const listedSession = (
	known: NodeSession,
	code: AuthCode,
	{ job, remote, nowMs }: SessionsInput,
): NodeSession => {
	const isNew = known.session_id !== code.session_id;
	const session = isNew ? unknownNode(known.node) : known;
	const hasCode = Boolean(code.auth_code) || Boolean(code.auth_url);
	const provider = session.provider ?? (hasCode || code.tunnel_name ? null : 'ssh');
	const isSsh = provider === 'ssh';
	const expires = code.expires_at ?? session.expires_at;
	const isOver = expires !== null && Date.parse(expires) <= nowMs;
	return {
		...session,
		session_id: code.session_id,
		replica_id: code.replica_id,
		provider,
		auth_code: code.auth_code || null,
		auth_url: code.auth_url || null,
		generated_at: code.generated_at,
		tunnel_name: code.tunnel_name ?? session.tunnel_name,
		working_directory: code.working_directory ?? session.working_directory,
		expires_at: expires,
		state: isOver ? 'expired' : expires === null ? 'unknown' : 'active',
		ssh_host: isSsh
			? formatSshHost({ job: job.id, node: known.node, ...(remote ? { remote } : {}) })
			: null,
		reason: null,
	};
};

/** A session that is not listed any more is over; one that never was may not exist. */
const unlisted = (session: NodeSession, { job, nowMs }: SessionsInput): NodeSession => {
	if (session.session_id === null) {
		return { ...session, reason: 'no live session is listed' };
	}
	if (session.state === 'expired' || session.state === 'ended') return session;
	const isOver = session.expires_at !== null && Date.parse(session.expires_at) <= nowMs;
	const reason = hasEnded(job.current_status) ? 'the job is over' : 'it is not listed any more';
	return { ...session, state: isOver ? 'expired' : 'ended', reason };
};

const containerOf = (
	{ current_status: status }: TrainingJob,
	{ state }: NodeSession,
): NodeSession['container'] => {
	if (status === 'TRAINING_JOB_RUNNING') return 'running';
	if (!hasEnded(status)) return 'starting';
	return state === 'active' ? 'held' : 'ended';
};

/** A node after the reply to a PATCH: the only place where the API tells these fields. */
export const revealedSession = (
	session: NodeSession,
	reply: InteractiveSession,
	nowMs: number,
): NodeSession => {
	const expires = reply.expires_at ?? session.expires_at;
	const isOver = expires !== null && Date.parse(expires) <= nowMs;
	return {
		...session,
		trigger: reply.trigger ?? session.trigger,
		timeout_minutes: reply.timeout_minutes ?? session.timeout_minutes,
		provider: reply.session_provider ?? session.provider,
		auth_provider: reply.auth_provider ?? session.auth_provider,
		authenticated_at: reply.authenticated_at ?? session.authenticated_at,
		auth_code: reply.auth_code || session.auth_code,
		auth_url: reply.auth_url || session.auth_url,
		tunnel_name: reply.tunnel_name ?? session.tunnel_name,
		working_directory: reply.working_directory ?? session.working_directory,
		expires_at: expires,
		state: expires === null ? session.state : isOver ? 'expired' : 'active',
	};
};
