import { dueWarning, remainingMs, type Warned } from './expiry.ts';
import type { MessageKind, MonitorState } from './state.ts';

/** Ms that a message stays, by kind: the graver, the longer. */
const messageMs: Readonly<Record<MessageKind, number>> = {
	info: 6_000,
	ok: 6_000,
	warn: 20_000,
	error: 60_000,
};

/** A message that is also told to a user who looks elsewhere (bell, desktop notification). */
export const withAlert = (
	state: MonitorState,
	kind: MessageKind,
	text: string,
	at: number,
): MonitorState => ({
	...state,
	message: { kind, text, at },
	alert: { serial: (state.alert?.serial ?? 0) + 1, text },
});

/** Lets messages fade and gives the warnings that are due. The same state when nothing is. */
export const reduceTick = (state: MonitorState, now: number): MonitorState => {
	const { message } = state;
	const isFaded = message !== null && now - message.at >= messageMs[message.kind];
	return warn(isFaded ? { ...state, message: null } : state, now);
};

const warn = (state: MonitorState, now: number): MonitorState => {
	const due = dueSessions(state, now);
	if (due.length === 0) return state;
	const warned: Record<string, Warned> = { ...state.warned };
	for (const { id, expiresAt, threshold } of due) warned[id] = { expiresAt, threshold };
	const [first] = due;
	const minutes = Math.min(...due.map(({ threshold }) => threshold));
	const text =
		due.length === 1
			? `node ${first?.node}: the session expires in ${minutes} min (e extends it)`
			: `${due.length} sessions expire in ${minutes} min (E extends all)`;
	return withAlert({ ...state, warned }, 'warn', text, now);
};

const dueSessions = ({ snapshot, warned, clockOffset }: MonitorState, now: number) =>
	(snapshot?.sessions ?? []).flatMap(({ session_id: id, node, state, expires_at: expiresAt }) => {
		const remaining = remainingMs(expiresAt, now, clockOffset);
		if (state !== 'active' || id === null || expiresAt === null || remaining === null) return [];
		const threshold = dueWarning(expiresAt, remaining, warned[id]);
		return threshold === null ? [] : [{ id, node, expiresAt, threshold }];
	});
