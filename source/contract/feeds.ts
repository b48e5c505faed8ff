import { z } from 'zod';
import { maybe } from './lenient.ts';
import { logRecordSchema } from './log.ts';
import { queuePlaceSchema } from './queue.ts';
import { nodeSessionSchema } from './session.ts';
import { trainingJobSchema } from './training-job.ts';

/** Records in one `log` event at most, and ms that a record waits for company at most. */
export const feedBatchRecords = 100;
export const feedBatchMs = 20;
/** Ms between heartbeat comments, and ms of silence after which a client gives a link up. */
export const feedHeartbeatMs = 10_000;
export const feedIdleMs = 25_000;

/**
 * `event: start`: opens a log feed with the cursor that it begins after, so that a reader whose
 * link breaks before its first record can resume all the same.
 */
export const startSchema = z.object({ cursor: z.number().int().min(0) });
export type Start = z.output<typeof startSchema>;

/** `event: log`: records in rising order of seq; the event's id is the last seq. */
export const logBatchSchema = z.array(logRecordSchema).min(1);

/** `event: gap`: cursors `from` to `to` (inclusive) can not be delivered any more. */
export const gapSchema = z.object({ from: z.number(), to: z.number(), reason: z.string() });
export type Gap = z.output<typeof gapSchema>;

/** `event: snapshot`: the job and all its nodes, whole each time. */
export const snapshotSchema = z.object({
	job: trainingJobSchema,
	sessions: z.array(nodeSessionSchema),
	/** ISO time of the server's clock when it sent this: countdowns run against it. */
	server_time: z.string(),
	/** Name of the plane for the header, e.g. `local`. */
	plane: z.string().catch(''),
	/** Reference of the records that exist now: first and last seq, 0 and 0 for none. */
	log: z.object({ first: z.number(), last: z.number() }).catch({ first: 0, last: 0 }),
	/** False while lines of a job that has ended may still come. */
	log_settled: z.boolean().catch(true),
	/** Null for a job that does not wait, and where nobody may know. */
	queue: maybe(queuePlaceSchema),
});
export type Snapshot = z.output<typeof snapshotSchema>;

/**
 * What a look at the log answers for: the cursors `from` to `to`, inclusive, and none when `from`
 * is greater. A look ends early when it takes long: the next one goes on from there.
 */
const lookSchema = z.object({
	from: z.number(),
	to: z.number(),
	/** First and last cursor of the log. */
	first: z.number(),
	last: z.number(),
});

/** Reply of `GET …/logs/page`: records around a cursor, in rising order of seq. */
export const logRecordsReplySchema = lookSchema.extend({ records: z.array(logRecordSchema) });
export type LogRecordsReply = z.output<typeof logRecordsReplySchema>;

/** Reply of `GET …/logs/matches`: cursors of lines that a filter lets through, rising. */
export const logMatchesReplySchema = lookSchema.extend({ seqs: z.array(z.number()) });
export type LogMatchesReply = z.output<typeof logMatchesReplySchema>;

/** Reply of `GET …/logs/cursor`: the first line of a time or later; null when there is none. */
export const logCursorReplySchema = z.object({ seq: z.number().nullable() });
