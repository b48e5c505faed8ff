import { hasEnded } from '../contract/status.ts';
import { formatDuration } from './expiry.ts';
import type { MonitorState } from './state.ts';
import type { Segment } from './tone.ts';

/** The two feeds that a monitor listens to. */
export const feeds = ['log', 'sessions'] as const;
export type Feed = (typeof feeds)[number];

/** How a feed's connection stands. `retryAt`: ms of this machine's clock. */
export type Link =
	| { readonly kind: 'connecting' }
	| { readonly kind: 'live' }
	| {
			readonly kind: 'retrying';
			readonly attempt: number;
			readonly retryAt: number;
			readonly reason: string;
	  }
	| { readonly kind: 'stopped'; readonly reason: string };

/** A feed's link, and when anything (an event or a heartbeat) last came over it, in ms. */
export type FeedHealth = { readonly link: Link; readonly heardAt: number | null };

/** Longer silence than this means a heartbeat is overdue: one comes every 10 s. */
const silentMs = 12_000;
/** A job without a new line for longer than this is called quiet. */
const quietMs = 10_000;
/** Lines that took longer than this were read from the past, so their delay says nothing. */
const meaningfulLagMs = 60_000;

const gravity: readonly Link['kind'][] = ['live', 'connecting', 'retrying', 'stopped'];

/** The feed that is worse off: the one to tell of. */
const worst = ({ health }: MonitorState): FeedHealth =>
	gravity.indexOf(health.sessions.link.kind) > gravity.indexOf(health.log.link.kind)
		? health.sessions
		: health.log;

/**
 * The connection in a few words. A quiet job and a dead stream never look alike: quiet counts the
 * age of the newest line while heartbeats come, silent counts the time without even those.
 */
export const connectionOf = (state: MonitorState, now: number): Segment => {
	const { link, heardAt } = worst(state);
	switch (link.kind) {
		case 'connecting':
			return { text: '◌ connecting', tone: 'dim' };
		case 'retrying': {
			const wait = Math.max(0, Math.ceil((link.retryAt - now) / 1000));
			const when = wait === 0 ? 'now' : `in ${wait}s`;
			return {
				text: `↻ retrying ${when} (attempt ${link.attempt}) · ${sinceEvent(heardAt, now)}`,
				tone: 'warn',
				strong: true,
			};
		}
		case 'stopped': {
			const isExpected = hasEnded(state.snapshot?.job.current_status ?? '');
			return { text: `■ ${link.reason}`, tone: isExpected ? 'dim' : 'bad', strong: !isExpected };
		}
		case 'live':
			return liveness(state, now);
	}
};

const sinceEvent = (heardAt: number | null, now: number): string =>
	heardAt === null ? 'no event yet' : `last event ${formatDuration(now - heardAt)} ago`;

const liveness = (state: MonitorState, now: number): Segment => {
	const ages = feeds.map((feed) => now - (state.health[feed].heardAt ?? now));
	const silence = Math.max(...ages);
	if (silence > silentMs) {
		return { text: `◍ silent · last event ${formatDuration(silence)} ago`, tone: 'warn' };
	}
	const { lag, lineAt } = state;
	if (lag === null || lineAt === null) return { text: '● live', tone: 'good' };
	const sinceLine = now - lineAt;
	if (sinceLine > quietMs || lag > meaningfulLagMs) {
		return { text: `● live · quiet ${formatDuration(sinceLine + lag)}`, tone: 'good' };
	}
	return { text: `● live · ${formatLag(lag)}`, tone: 'good' };
};

const formatLag = (ms: number): string =>
	ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
