import type { FeedState } from '../../client/feed-state.ts';
import { openLogFeed } from '../../client/log-feed.ts';
import { openSessionFeed } from '../../client/session-feed.ts';
import type { TrainingJob } from '../../contract/training-job.ts';
import type { Feed, Link } from '../../monitor/connection.ts';
import type { Monitor } from '../../monitor/monitor.ts';
import type { Connection } from '../connection.ts';

/** Lines that a screen begins with; older ones are loaded when somebody scrolls to them. */
const firstLines = 2000;

export type FeedsOptions = {
	readonly connection: Connection;
	readonly job: TrainingJob;
	readonly monitor: Monitor;
	/** Epoch ms. */
	readonly now: () => number;
};

/** Both feeds of a job, and the state of their connections, as actions of a monitor. */
export const openFeeds = ({ connection, job, monitor, now }: FeedsOptions): { close(): void } => {
	const { dispatch } = monitor;
	const server = {
		url: connection.url,
		token: connection.token,
		projectId: job.training_project_id,
		jobId: job.id,
	};
	const { log } = monitor.getState();
	// A job that comes back goes on where it was left.
	const seen = log.first === null ? null : log.last;
	const feeds = [
		openLogFeed({
			...server,
			...(seen === null ? { tail: firstLines } : { after: seen }),
			onRecords: (records) => dispatch({ type: 'records', records, at: now() }),
			onGap: (gap) => dispatch({ type: 'gap', gap, at: now() }),
			onState: tellState('log', { monitor, now }),
		}),
		openSessionFeed({
			...server,
			onSnapshot: (snapshot) => dispatch({ type: 'snapshot', snapshot, at: now() }),
			onState: tellState('sessions', { monitor, now }),
		}),
	];
	return {
		close: () => {
			for (const feed of feeds) feed.close();
		},
	};
};

/** Tells the monitor of changes, and of signs of life in between. */
const tellState = (
	feed: Feed,
	{ monitor: { dispatch }, now }: Pick<FeedsOptions, 'monitor' | 'now'>,
): ((state: FeedState) => void) => {
	let known = '';
	let heardAt: number | null = null;
	return (state) => {
		const link = linkOf(state);
		const key = JSON.stringify(link);
		if (key !== known) dispatch({ type: 'link', feed, link, at: now() });
		known = key;
		if (state.lastEventAt !== null && state.lastEventAt !== heardAt) {
			dispatch({ type: 'heard', feed, at: state.lastEventAt });
		}
		heardAt = state.lastEventAt;
	};
};

const linkOf = ({ state, attempt, nextRetryAt, reason }: FeedState): Link => {
	if (state === 'retrying') {
		return { kind: state, attempt, retryAt: nextRetryAt ?? 0, reason: reason ?? '' };
	}
	return state === 'stopped' ? { kind: state, reason: reason ?? '' } : { kind: state };
};
