import { Failure, type FailureKind, messageOf } from '../contract/failure.ts';
import type { NodeSession, PatchSession, PatchSessionReply } from '../contract/session.ts';
import { hasEnded, statusLabel } from '../contract/status.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { Connection } from './connection.ts';
import { snapshotOf } from './snapshot.ts';

/** What became of one node's session. */
export type SessionChange = {
	readonly node: number;
	readonly reply: PatchSessionReply | null;
	/** Why it was not changed. */
	readonly error: string | null;
	readonly kind: FailureKind | null;
};

/** Whether a session can still be changed. */
export const isOpen = ({ session_id: id, state }: NodeSession): boolean =>
	id !== null && state !== 'expired' && state !== 'ended';

/**
 * Sends a change to the session of a node, or to all that are open, once each.
 * @throws Failure when there is no such node or no open session.
 */
export const changeSessions = async (
	connection: Connection,
	job: TrainingJob,
	node: number | undefined,
	patch: PatchSession,
): Promise<readonly SessionChange[]> => {
	const { sessions } = await snapshotOf(connection, job);
	const chosen = sessions.filter((session) =>
		node === undefined ? isOpen(session) : session.node === node,
	);
	if (chosen.length === 0) throw nothingToChange(job, sessions, node);
	return Promise.all(chosen.map((session) => changeSession(connection, job, session, patch)));
};

const nothingToChange = (
	job: TrainingJob,
	sessions: readonly NodeSession[],
	node: number | undefined,
): Failure => {
	if (node !== undefined) {
		const last = sessions.length - 1;
		const known = last === 0 ? 'Its only node is 0' : `Its nodes are 0 to ${last}`;
		return new Failure('not_found', `Job ${job.id} has no node ${node}. ${known}.`);
	}
	const status = statusLabel(job.current_status);
	return new Failure(
		'conflict',
		hasEnded(job.current_status)
			? `Job ${job.id} has already ended (${status}), and its sessions with it.`
			: `Job ${job.id} has no open session.`,
	);
};

/** Sends a change to one session, once. Never rejects. */
export const changeSession = async (
	{ api }: Connection,
	job: TrainingJob,
	session: NodeSession,
	patch: PatchSession,
): Promise<SessionChange> => {
	const { node, session_id: id } = session;
	const failed = (error: string, kind: FailureKind): SessionChange => ({
		node,
		reply: null,
		error,
		kind,
	});
	if (id === null) return failed('The job was created without interactive sessions.', 'conflict');
	try {
		const reply = await api.patchSession(job.training_project_id, job.id, id, patch);
		return { node, reply, error: null, kind: null };
	} catch (error) {
		return failed(messageOf(error), error instanceof Failure ? error.kind : 'failed');
	}
};
