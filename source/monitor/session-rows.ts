import type { NodeSession, SessionState } from '../contract/session.ts';
import { formatDuration, formatRemaining, remainingMs, type Urgency, urgencyOf } from './expiry.ts';
import { safeText } from './fit.ts';
import type { MonitorState } from './state.ts';
import type { Tone } from './tone.ts';

/** What the table says of a node: one text per column, and tones for two of them. */
export type SessionRow = {
	readonly node: number;
	readonly isSelected: boolean;
	readonly name: string;
	readonly provider: string;
	readonly trigger: string;
	readonly session: string;
	readonly sessionTone: Tone;
	readonly command: string;
	readonly expires: string;
	readonly expiresTone: Tone;
	readonly connect: string;
};

const states: Readonly<Record<SessionState, { readonly symbol: string; readonly tone: Tone }>> = {
	waiting: { symbol: '○', tone: 'dim' },
	active: { symbol: '●', tone: 'good' },
	expired: { symbol: '✕', tone: 'bad' },
	ended: { symbol: '■', tone: 'dim' },
	unknown: { symbol: '?', tone: 'warn' },
};

const urgencies: Readonly<Record<Urgency, Tone>> = {
	none: 'plain',
	soon: 'warn',
	urgent: 'bad',
	over: 'bad',
};

/** How the node's commands stand: `running`, `exit 1`, `held, exit 1`. */
export const commandOf = ({ container, exit_code: exit }: NodeSession): string => {
	if (exit === null) return container;
	return container === 'held' ? `held, exit ${exit}` : `exit ${exit}`;
};

/** Baseten's API does not tell the provider: a login that is asked for, or a tunnel's name, does. */
const isTunnel = ({ provider, auth_code: code, tunnel_name: tunnel }: NodeSession): boolean =>
	provider === null ? Boolean(code || tunnel) : provider !== 'ssh';

/** Flags longer than this leave the table, where they would hide the command; the copy has them. */
const mostFlagColumns = 24;

/** Login codes live for a quarter of an hour at most providers: how old one is tells what it is worth. */
const ageOf = ({ generated_at: at }: NodeSession, serverNow: number): string => {
	const age = at === null ? Number.NaN : serverNow - Date.parse(at);
	return Number.isNaN(age) ? '' : `(${formatDuration(Math.max(0, age))})`;
};

/** How to get into the node, or why one can not. */
const connectOf = (
	session: NodeSession,
	{ job, enterFlags }: Pick<MonitorState, 'job' | 'enterFlags'>,
	serverNow: number,
): string => {
	const flags = enterFlags.length <= mostFlagColumns ? enterFlags : '';
	const { state, reason, auth_code: code, auth_url: url } = session;
	if (session.session_id === null) return reason ?? 'no interactive session';
	if (state === 'expired' || state === 'ended') return reason ?? '–';
	if (!isTunnel(session)) return enterCommandOf(session, job, flags) ?? reason ?? '–';
	const isAsked = code !== null && code !== '' && session.authenticated_at === null;
	if (isAsked) {
		const page = (url ?? '').replace(/^https:\/\//, '');
		return [code, ageOf(session, serverNow), page].filter(Boolean).join(' ');
	}
	const tunnel = session.tunnel_name === null ? null : `tunnel ${session.tunnel_name}`;
	return (session.authenticated_at === null ? (reason ?? tunnel) : tunnel) ?? '–';
};

/**
 * The command that opens a shell on the node, null for a tunnel. It works as it stands, without
 * anything set up for ssh beforehand. `flags` say where the server is, when that needs saying.
 */
export const enterCommandOf = (
	{ ssh_host: host, node }: NodeSession,
	job: string,
	flags = '',
): string | null =>
	host === null || host === '' ? null : `signalbox ssh ${job}:${node}${flags && ` ${flags}`}`;

/** What the copy key takes: the login code that is waited for, else the command to enter. */
export const copyTextOf = (
	{ job, enterFlags }: MonitorState,
	session: NodeSession,
): string | null => {
	const code = session.auth_code ?? '';
	return code !== '' && session.authenticated_at === null
		? code
		: enterCommandOf(session, job, enterFlags);
};

/** The session of a node, null when the snapshot has none. */
export const sessionOf = (state: MonitorState, node: number): NodeSession | null =>
	state.snapshot?.sessions.find((session) => session.node === node) ?? null;

/** A row for each node. `now`: ms of this machine's clock. */
export const sessionRows = (state: MonitorState, now: number): readonly SessionRow[] =>
	(state.snapshot?.sessions ?? []).map((session) => {
		const isRunning = session.state === 'active';
		const isOver = session.state === 'expired';
		const remaining = remainingMs(session.expires_at, now, state.clockOffset);
		const urgency = isRunning || isOver ? urgencyOf(remaining) : 'none';
		const { symbol, tone } = states[session.state];
		return {
			node: session.node,
			isSelected: session.node === state.selected,
			name: session.node === 0 ? '0 lead' : String(session.node),
			provider: safeText(session.provider ?? 'unknown'),
			trigger: safeText(session.trigger ?? 'unknown'),
			session: `${symbol} ${session.state}`,
			sessionTone: tone,
			command: commandOf(session),
			expires: isRunning ? formatRemaining(remaining) : isOver ? 'expired' : '–',
			expiresTone: urgencies[urgency],
			connect: safeText(connectOf(session, state, now + state.clockOffset)),
		};
	});
