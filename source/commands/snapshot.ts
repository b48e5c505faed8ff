import { openSessionFeed } from '../client/session-feed.ts';
import { Failure } from '../contract/failure.ts';
import type { Snapshot } from '../contract/feeds.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { Connection } from './connection.ts';

/** The job and its nodes as they are now. @throws Failure when the server refuses. */
export const snapshotOf = (connection: Connection, job: TrainingJob): Promise<Snapshot> =>
	snapshotWhen(connection, job, () => true);

/** The first snapshot that meets a condition. @throws Failure when the server refuses. */
export const snapshotWhen = async (
	connection: Connection,
	job: TrainingJob,
	isIt: (snapshot: Snapshot) => boolean,
): Promise<Snapshot> => {
	const { promise, resolve, reject } = Promise.withResolvers<Snapshot>();
	const feed = openSessionFeed({
		url: connection.url,
		token: connection.token,
		projectId: job.training_project_id,
		jobId: job.id,
		onSnapshot: (snapshot) => {
			if (isIt(snapshot)) resolve(snapshot);
		},
		onState: ({ state, reason }) => {
			if (state === 'retrying') reject(new Failure('unreachable', reason ?? 'No connection.'));
		},
		onStop: reject,
	});
	try {
		return await promise;
	} finally {
		feed.close();
	}
};
