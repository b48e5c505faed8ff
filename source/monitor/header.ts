import { classifyStatus, type StatusClass, statusLabel } from '../contract/status.ts';
import { agentSegment } from './agent.ts';
import { connectionOf } from './connection.ts';
import { formatDuration } from './expiry.ts';
import { fitSegments, safeText, segmentsWidth } from './fit.ts';
import type { MonitorState } from './state.ts';
import type { Segment, Tone } from './tone.ts';

/** A line of the screen: what stands at its left end and what at its right. */
export type Line = { readonly left: readonly Segment[]; readonly right: readonly Segment[] };

type Sign = { readonly symbol: string; readonly tone: Tone };

const signs: Readonly<Record<StatusClass, Sign>> = {
	starting: { symbol: '◌', tone: 'accent' },
	active: { symbol: '●', tone: 'good' },
	ended: { symbol: '■', tone: 'plain' },
	unknown: { symbol: '?', tone: 'warn' },
};

const signOf = (status: string): Sign => {
	if (/FAILED|EXPIRED|PREEMPTED/.test(status)) return { symbol: '✕', tone: 'bad' };
	if (status.endsWith('COMPLETED')) return { symbol: '✓', tone: 'good' };
	return signs[classifyStatus(status)];
};

export const toneOfStatus = (status: string): Tone => signOf(status).tone;

/** Ms since the job was made; until its end, for a job that is over. */
const elapsedOf = ({ snapshot, clockOffset }: MonitorState, now: number): number => {
	if (snapshot === null) return Number.NaN;
	const { created_at: from, updated_at: to, current_status: status } = snapshot.job;
	const end = classifyStatus(status) === 'ended' ? Date.parse(to) : now + clockOffset;
	return end - Date.parse(from);
};

/** A piece of the header's left; the highest `spare` is the first to go when space is short. */
type Piece = { readonly segments: readonly Segment[]; readonly spare: number };

const dim = (text: string): Segment => ({ text, tone: 'dim' });
const strong = (text: string, tone: Tone): Segment => ({ text, tone, strong: true });

const piecesOf = (state: MonitorState, now: number): readonly Piece[] => {
	const always = (...segments: readonly Segment[]): Piece => ({ segments, spare: 0 });
	const brand = { segments: [strong(' signalbox', 'accent')], spare: 3 };
	const gap = always(dim('  '));
	const { snapshot } = state;
	if (snapshot === null) return [brand, gap, always(strong(safeText(state.job), 'plain'))];
	const { job, sessions, plane, queue } = snapshot;
	const { symbol, tone } = signOf(job.current_status);
	const status = `${symbol} ${safeText(statusLabel(job.current_status))}`;
	const elapsed = elapsedOf(state, now);
	const waited = queue === null ? elapsed : now + state.clockOffset - Date.parse(queue.since ?? '');
	const lasted = Number.isNaN(waited) ? elapsed : waited;
	const duration = Number.isNaN(lasted) ? '' : ` ${formatDuration(lasted)}`;
	const count = `${sessions.length} ${sessions.length === 1 ? 'node' : 'nodes'}`;
	const agent = sessions.some(({ ssh_host: host }) => host !== null)
		? agentSegment(state.agent)
		: null;
	const place = plane === '' ? count : `${count} · ${safeText(plane)}`;
	const project = safeText(job.training_project?.name ?? '');
	return [
		brand,
		gap,
		{ segments: project === '' ? [] : [dim(`${project} › `)], spare: 2 },
		always(strong(safeText(job.id), 'plain')),
		{ segments: job.name === null ? [] : [dim(` ${safeText(job.name)}`)], spare: 6 },
		always(dim('  '), strong(status, tone)),
		{ segments: [dim(duration)], spare: 1 },
		{ segments: queue === null ? [] : [dim(` · ${queue.ahead} ahead`)], spare: 1 },
		{ segments: [dim(`   ${place}`)], spare: 5 },
		{ segments: agent === null ? [] : [dim('   '), agent], spare: 4 },
	];
};

/** The header: which job, how it stands, where it runs; at the right the connection. */
export const headerOf = (state: MonitorState, now: number): Line => {
	const right = [connectionOf(state, now), dim(' ')];
	const room = Math.max(0, state.columns - segmentsWidth(right) - 1);
	let pieces = piecesOf(state, now);
	const width = (): number => segmentsWidth(pieces.flatMap(({ segments }) => segments));
	for (let spare = 6; spare > 0 && width() > room; spare--) {
		pieces = pieces.filter((piece) => piece.spare !== spare);
	}
	const left = pieces.flatMap(({ segments }) => segments);
	if (segmentsWidth(left) <= room) return { left, right };
	// What is left of the job may still be too long beside a connection in trouble: that has to be
	// seen, so both are cut, each to what the other leaves.
	const half = Math.floor(state.columns / 2);
	const fittedLeft = fitSegments(left, Math.max(half, room));
	return {
		left: fittedLeft,
		right: fitSegments(right, state.columns - segmentsWidth(fittedLeft) - 1),
	};
};
