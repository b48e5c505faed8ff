import { z } from 'zod';
import { maybe } from './lenient.ts';

/** Reply of `GET /v1/training/jobs/{id}/queue_context`, of which only the queue itself is read. */
export const queueContextSchema = z.object({
	submitted_at: maybe(z.string()),
	/** Null while the job is pending. */
	released_at: maybe(z.string()),
	pending_ahead_at_submit: z.array(z.unknown()).catch([]),
});
export type QueueContext = z.output<typeof queueContextSchema>;

/** Where a job that waits for its machines stands. */
export const queuePlaceSchema = z.object({
	/** Jobs that were before it when it was submitted. */
	ahead: z.number().int().min(0),
	/** ISO time of the submission. */
	since: maybe(z.string()),
});
export type QueuePlace = z.output<typeof queuePlaceSchema>;
