import { z } from 'zod';
import { maybe } from './lenient.ts';

/** When a session becomes active: from the start, after a non-zero exit, or when asked for. */
export const sessionTriggers = ['on_startup', 'on_failure', 'on_demand'] as const;
export type SessionTrigger = (typeof sessionTriggers)[number];

export const sessionProviders = ['vs_code', 'cursor', 'ssh'] as const;
export type SessionProvider = (typeof sessionProviders)[number];

export const authProviders = ['github', 'microsoft'] as const;

/** An entry of `GET …/auth_codes`: one per node with a live session. SSH leaves the codes empty. */
export const authCodeSchema = z.object({
	session_id: z.string(),
	replica_id: z.string(),
	auth_code: maybe(z.string()),
	auth_url: maybe(z.string()),
	generated_at: maybe(z.string()),
	tunnel_name: maybe(z.string()),
	expires_at: maybe(z.string()),
	working_directory: maybe(z.string()),
});
export type AuthCode = z.output<typeof authCodeSchema>;
export const authCodesReplySchema = z.object({ auth_codes: z.array(authCodeSchema) });

/** A session as only the reply of a PATCH shows it. `pod_name` is the node's rank. */
export const interactiveSessionSchema = z.object({
	id: z.string(),
	trigger: maybe(z.string()),
	timeout_minutes: maybe(z.number()),
	session_provider: maybe(z.string()),
	auth_provider: maybe(z.string()),
	pod_name: maybe(z.string()),
	expires_at: maybe(z.string()),
	tunnel_name: maybe(z.string()),
	auth_code: maybe(z.string()),
	auth_url: maybe(z.string()),
	auth_code_generated_at: maybe(z.string()),
	authenticated_at: maybe(z.string()),
	working_directory: maybe(z.string()),
});
export type InteractiveSession = z.output<typeof interactiveSessionSchema>;

export const patchSessionReplySchema = z.object({
	interactive_session: interactiveSessionSchema,
	message: z.string().catch(''),
});
export type PatchSessionReply = z.output<typeof patchSessionReplySchema>;

/**
 * Body of `PATCH …/interactive_sessions/{id}`. `timeout_minutes` is ADDED to what is left, so the
 * call is not idempotent and is never repeated by itself.
 */
export const patchSessionSchema = z.object({
	timeout_minutes: z.number().nullish(),
	trigger: z.string().nullish(),
});
export type PatchSession = z.output<typeof patchSessionSchema>;

/**
 * Where a session stands. `waiting`: its trigger has not fired. `active`: people can enter, the
 * clock runs. `expired`: its time ran out. `ended`: closed for another reason (see `reason`).
 */
export const sessionStates = ['waiting', 'active', 'expired', 'ended', 'unknown'] as const;
export type SessionState = (typeof sessionStates)[number];

/**
 * What a node's container does: runs its commands, is held open by an active session after the
 * commands have exited, or is gone.
 */
export const containerStates = ['starting', 'running', 'held', 'ended', 'unknown'] as const;
export type ContainerState = (typeof containerStates)[number];

/**
 * A node and its session, as the session feed shows it. Fields that a plane cannot know are null,
 * and the screen says "unknown". Times are ISO 8601 strings in the server's clock.
 */
export const nodeSessionSchema = z.object({
	/** Null when the job was created without interactive sessions. */
	session_id: maybe(z.string()),
	/** As the API spells it, e.g. `g00r1`. */
	replica_id: z.string(),
	/** Rank of the node, 0 is the leader. */
	node: z.number().int().min(0),
	provider: maybe(z.string()),
	auth_provider: maybe(z.string()),
	trigger: maybe(z.string()),
	state: z.enum(sessionStates).catch('unknown'),
	container: z.enum(containerStates).catch('unknown'),
	/** Exit code of the node's commands, null while they run or when nobody knows. */
	exit_code: maybe(z.number()),
	timeout_minutes: maybe(z.number()),
	expires_at: maybe(z.string()),
	activated_at: maybe(z.string()),
	auth_code: maybe(z.string()),
	auth_url: maybe(z.string()),
	generated_at: maybe(z.string()),
	authenticated_at: maybe(z.string()),
	tunnel_name: maybe(z.string()),
	working_directory: maybe(z.string()),
	/** Host name for ssh, e.g. `training-job-7xk2p9-0.local.ssh.baseten.co`; null for tunnels. */
	ssh_host: maybe(z.string()),
	/** Why the session is in its state, as a sentence fragment for people; null when obvious. */
	reason: maybe(z.string()),
});
export type NodeSession = z.output<typeof nodeSessionSchema>;

/** `g00r1`, `r1`, `1` -> 1: the digits after the last `r`; null when there are none. */
export const nodeOfReplica = (replica: string): number | null => {
	const digits = /(?:^|r)(\d{1,9})$/.exec(replica)?.[1];
	return digits === undefined ? null : Number(digits);
};
