import { constants } from 'node:os';
import type { FeedState } from '../client/feed-state.ts';
import { openLogFeed } from '../client/log-feed.ts';
import { openSessionFeed } from '../client/session-feed.ts';
import type { Snapshot } from '../contract/feeds.ts';
import { hasEnded, statusLabel } from '../contract/status.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { Connection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { type Print, printHistory } from './print-history.ts';

/** Records that wait for a slow reader at most; then they are read again from the server. */
const mostWaiting = 10_000;
/** What ends the following, beside the job's own end. SIGPIPE: nobody reads any more. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] as const;

/**
 * Prints a log from a cursor on until the job has ended and its last line was printed. Connections
 * that break are replaced without a line lost or doubled; each loss is told once on stderr.
 * @returns 0 when the job completed, 1 when it ended otherwise, 128 + n after signal n; 0 when
 * the reader has gone away
 * @throws Failure when the server refuses the feeds for good.
 */
export const followLog = async (
	connection: Connection,
	job: TrainingJob,
	after: number,
	print: Print,
	{ stderr }: CommandEdges,
): Promise<number> => {
	const interrupted = new AbortController();
	const interrupt = (signal: NodeJS.Signals): void => interrupted.abort(signal);
	for (const signal of signals) process.once(signal, interrupt);
	try {
		let cursor = after;
		for (;;) {
			cursor = await printHistory(connection, job, cursor, print);
			const end = await followFeed({ connection, job, after: cursor, print, stderr, interrupted });
			if (end === 'interrupted') return codeOf(interrupted.signal.reason);
			if (typeof end === 'object') return tellVerdict(end, stderr);
			cursor = end;
		}
	} finally {
		for (const signal of signals) process.off(signal, interrupt);
	}
};

/** Exit code after a signal, as shells count. */
const codeOf = (signal: NodeJS.Signals): number =>
	signal === 'SIGPIPE' ? 0 : 128 + constants.signals[signal];

const tellVerdict = ({ job }: Snapshot, stderr: NodeJS.WritableStream): number => {
	const { current_status: status, error_message: why } = job;
	stderr.write(`job ${job.id}: ${statusLabel(status)}${why ? `: ${why}` : ''}\n`);
	return status === 'TRAINING_JOB_COMPLETED' ? 0 : 1;
};

type Following = {
	readonly connection: Connection;
	readonly job: TrainingJob;
	readonly after: number;
	readonly print: Print;
	readonly stderr: NodeJS.WritableStream;
	readonly interrupted: AbortController;
};

/**
 * Prints what the feed sends.
 * @returns the snapshot of a job that has ended and was printed whole; or the cursor that was
 * printed up to, when the reader is too slow for a feed
 */
const followFeed = async (following: Following): Promise<Snapshot | number | 'interrupted'> => {
	const { connection, job, after, print, stderr, interrupted } = following;
	const { promise, resolve, reject } = Promise.withResolvers<Snapshot | number | 'interrupted'>();
	let printing = Promise.resolve();
	let seen = after;
	let printed = after;
	let waiting = 0;
	let snapshot: Snapshot | undefined;

	const endWhenWhole = (): void => {
		if (!snapshot?.log_settled || !hasEnded(snapshot.job.current_status)) return;
		if (seen < snapshot.log.last) return;
		const last = snapshot;
		printing.then(() => resolve(last), reject);
	};
	const server = {
		url: connection.url,
		token: connection.token,
		projectId: job.training_project_id,
		jobId: job.id,
		onStop: reject,
	};
	const log = openLogFeed({
		...server,
		after,
		onState: tellLosses(stderr),
		onRecords: (records) => {
			seen = records.at(-1)?.seq ?? seen;
			const end = seen;
			waiting += records.length;
			printing = printing
				.then(() => print(records))
				.then(() => {
					waiting -= records.length;
					printed = end;
				});
			if (waiting > mostWaiting) {
				log.close();
				printing.then(() => resolve(printed), reject);
			} else endWhenWhole();
		},
		onGap: ({ from, to, reason }) => {
			stderr.write(`signalbox: lines ${from} to ${to} can not be had: ${reason}\n`);
			seen = Math.max(seen, to);
			endWhenWhole();
		},
	});
	const sessions = openSessionFeed({
		...server,
		onSnapshot: (next) => {
			snapshot = next;
			endWhenWhole();
		},
	});
	const interrupt = (): void => resolve('interrupted');
	interrupted.signal.addEventListener('abort', interrupt, { once: true });
	if (interrupted.signal.aborted) interrupt();
	try {
		return await promise;
	} finally {
		log.close();
		sessions.close();
	}
};

/** Says once when a connection is lost, and once when it is back. */
const tellLosses = (stderr: NodeJS.WritableStream): ((state: FeedState) => void) => {
	let isLost = false;
	return ({ state, reason }) => {
		if (state === 'retrying' && !isLost) {
			isLost = true;
			stderr.write(`signalbox: connection lost (${reason ?? 'unknown'}); trying again\n`);
		} else if (state === 'live' && isLost) {
			isLost = false;
			stderr.write('signalbox: connected again\n');
		}
	};
};
