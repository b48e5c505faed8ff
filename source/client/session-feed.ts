import { type Snapshot, snapshotSchema } from '../contract/feeds.ts';
import { parse } from '../contract/parse.ts';
import { jobPath } from '../contract/paths.ts';
import { openFeed } from './feed.ts';
import type { FeedHandle } from './feed-state.ts';
import { type JobFeedOptions, readJson } from './log-feed.ts';

export type SessionFeedOptions = JobFeedOptions & {
	/** The job and all its nodes, whole: at each connection and after each change. */
	readonly onSnapshot: (snapshot: Snapshot) => void;
};

/**
 * Follows the state of a job and its sessions. It needs no cursor: a snapshot is always whole.
 * @throws Failure when the URL or the token can not be used at all.
 */
export const openSessionFeed = (options: SessionFeedOptions): FeedHandle =>
	openFeed({
		...options,
		path: `${jobPath(options.projectId, options.jobId)}/sessions/stream`,
		events: {
			snapshot: (data) => options.onSnapshot(parse(snapshotSchema, readJson(data))),
		},
	});
