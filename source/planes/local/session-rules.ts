import { Failure } from '../../contract/failure.ts';
import {
	type NodeSession,
	type PatchSession,
	type SessionTrigger,
	sessionTriggers,
} from '../../contract/session.ts';
import { longestTimeoutMinutes, timeoutMinutesSchema } from '../../contract/training-job.ts';

const minuteMs = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** -1 stands for no limit, which is ten years. */
const effectiveMinutes = (minutes: number): number =>
	minutes === -1 ? longestTimeoutMinutes : minutes;

const isOpen = (session: NodeSession): boolean =>
	session.state === 'waiting' || session.state === 'active';

/** Starts the clock of a waiting session; one that is active or over stays as it is. */
export const activate = (session: NodeSession, nowMs: number, reason: string): NodeSession => {
	if (session.state !== 'waiting') return session;
	const minutes = effectiveMinutes(session.timeout_minutes ?? longestTimeoutMinutes);
	return {
		...session,
		state: 'active',
		activated_at: iso(nowMs),
		expires_at: iso(nowMs + minutes * minuteMs),
		reason,
	};
};

/** A device-code login was completed: that activates an `on_demand` session. */
export const loggedIn = (session: NodeSession, nowMs: number): NodeSession => {
	if (!isOpen(session)) return session;
	const known = { ...session, auth_code: null, authenticated_at: iso(nowMs) };
	return session.trigger === 'on_demand' ? activate(known, nowMs, 'someone logged in') : known;
};

/** An editor has connected to the tunnel: the whole timeout begins anew. */
export const reconnected = (session: NodeSession, nowMs: number): NodeSession => {
	if (session.state !== 'active' || session.expires_at === null) return session;
	const minutes = effectiveMinutes(session.timeout_minutes ?? longestTimeoutMinutes);
	const fresh = nowMs + minutes * minuteMs;
	// Never earlier than what was promised before.
	return Date.parse(session.expires_at) >= fresh ? session : { ...session, expires_at: iso(fresh) };
};

/** Closes a session that is still open, with the reason that people will read. */
export const close = (
	session: NodeSession,
	state: 'expired' | 'ended',
	reason: string,
): NodeSession => (isOpen(session) ? { ...session, state, reason } : session);

export const hasExpired = (session: NodeSession, nowMs: number): boolean =>
	session.state === 'active' &&
	session.expires_at !== null &&
	Date.parse(session.expires_at) <= nowMs;

/** What becomes of a node's container, and of its session, when its commands have exited. */
export const afterCommands = (
	session: NodeSession,
	exitCode: number,
	nowMs: number,
): NodeSession => {
	const exited = { ...session, exit_code: exitCode };
	const settled =
		exited.trigger === 'on_failure' && exitCode !== 0
			? activate(exited, nowMs, `the commands exited with ${exitCode}`)
			: exited;
	if (settled.state === 'active') return { ...settled, container: 'held' };
	const verdict =
		exitCode === 0 ? 'the commands completed' : `the commands exited with ${exitCode}`;
	return { ...close(settled, 'ended', verdict), container: 'ended' };
};

/** A session after a PATCH, and the sentence that tells a person what was done. */
export type PatchedSession = { readonly session: NodeSession; readonly message: string };

/**
 * Applies a PATCH: minutes are added to the expiry of an active session and to the stored timeout
 * of a waiting one; a changed trigger activates the session when it becomes `on_startup`.
 * @throws Failure `invalid` for bad values, `conflict` when the session's state forbids it.
 */
export const patchSession = (
	session: NodeSession,
	patch: PatchSession,
	nowMs: number,
): PatchedSession => {
	if (patch.timeout_minutes == null && patch.trigger == null) {
		throw new Failure('invalid', 'Give timeout_minutes, trigger, or both.');
	}
	if (!isOpen(session)) {
		throw new Failure(
			'conflict',
			`The session of node ${session.node} has ${session.state === 'expired' ? 'expired' : 'ended'}: it cannot be changed any more.`,
		);
	}
	const messages: string[] = [];
	let patched = session;
	if (patch.trigger != null) {
		patched = changeTrigger(patched, patch.trigger, nowMs);
		messages.push(`Trigger of node ${session.node} is now ${patch.trigger}.`);
	}
	if (patch.timeout_minutes != null) {
		patched = extend(patched, patch.timeout_minutes, nowMs);
		messages.push(
			patched.expires_at === null
				? `Timeout of node ${session.node} is now ${patched.timeout_minutes} minutes from activation.`
				: `Session of node ${session.node} now expires at ${patched.expires_at}.`,
		);
	}
	return { session: patched, message: messages.join(' ') };
};

const extend = (session: NodeSession, minutes: number, nowMs: number): NodeSession => {
	const valid = timeoutMinutesSchema.safeParse(minutes);
	if (!valid.success) {
		throw new Failure(
			'invalid',
			`timeout_minutes: ${valid.error.issues[0]?.message}, not ${minutes}.`,
		);
	}
	const added = effectiveMinutes(minutes);
	const latest = nowMs + longestTimeoutMinutes * minuteMs;
	const stored =
		session.timeout_minutes === -1 ? longestTimeoutMinutes : (session.timeout_minutes ?? 0);
	return {
		...session,
		timeout_minutes: Math.min(stored + added, longestTimeoutMinutes),
		expires_at:
			session.expires_at === null
				? null
				: iso(Math.min(Date.parse(session.expires_at) + added * minuteMs, latest)),
	};
};

const changeTrigger = (session: NodeSession, trigger: string, nowMs: number): NodeSession => {
	if (!isTrigger(trigger)) {
		throw new Failure(
			'invalid',
			`trigger: "${trigger}" does not exist. Use one of ${sessionTriggers.join(', ')}.`,
		);
	}
	if (session.trigger === 'on_startup') {
		throw new Failure(
			'conflict',
			`The trigger of node ${session.node} is on_startup and cannot be changed.`,
		);
	}
	const changed = { ...session, trigger };
	// A node that has not started yet is activated by its start.
	return trigger === 'on_startup' && session.container === 'running'
		? activate(changed, nowMs, 'the trigger was changed')
		: changed;
};

const isTrigger = (value: string): value is SessionTrigger =>
	(sessionTriggers as readonly string[]).includes(value);
