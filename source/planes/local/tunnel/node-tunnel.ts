import { delimiter } from 'node:path';
import type { LogLevel } from '../../../contract/log.ts';
import type { NodeSession } from '../../../contract/session.ts';
import { findProgram } from '../../../ssh/find-program.ts';
import { loggedIn, reconnected } from '../session-rules.ts';
import { Tunnel, type TunnelOptions } from './tunnel.ts';
import type { TunnelEvent } from './tunnel-output.ts';

const programs: Readonly<Record<string, string>> = { vs_code: 'code', cursor: 'cursor' };

/**
 * The tunnel that a session asks for, not yet started; null for a session by ssh.
 * @returns `missing`: name of the program that this machine lacks
 */
export const tunnelOf = (
	{ provider, tunnel_name: name, auth_provider: authProvider }: NodeSession,
	options: Omit<TunnelOptions, 'program' | 'name' | 'authProvider'>,
	env: NodeJS.ProcessEnv = process.env,
): Tunnel | { readonly missing: string } | null => {
	const command = programs[provider ?? ''];
	if (name === null || command === undefined) return null;
	const program = findProgram(command, (env['PATH'] ?? '').split(delimiter));
	if (program === undefined) return { missing: command };
	return new Tunnel({ ...options, program, name, authProvider: authProvider ?? 'github' });
};

/** A session after its tunnel has told something, and what the node's log says of it. */
export type AfterTunnelEvent = {
	readonly session: NodeSession;
	readonly note: readonly [text: string, level: LogLevel] | null;
};

export const afterTunnelEvent = (
	session: NodeSession,
	event: TunnelEvent,
	nowMs: number,
): AfterTunnelEvent => {
	switch (event.kind) {
		case 'code': {
			const generated = new Date(nowMs).toISOString();
			const fresh = { auth_code: event.code, auth_url: event.url, generated_at: generated };
			return { session: { ...session, ...fresh, authenticated_at: null }, note: null };
		}
		case 'logged-in':
			return { session: loggedIn(session, nowMs), note: ['The tunnel is logged in.', 'INFO'] };
		case 'client':
			return {
				session: reconnected(session, nowMs),
				note: ['An editor has connected to the tunnel.', 'INFO'],
			};
		case 'ready':
			return { session, note: ['The tunnel is open.', 'INFO'] };
		case 'error':
			return { session, note: [`The tunnel says: ${event.text}`, 'WARNING'] };
	}
};
