import { z } from 'zod';
import { maybe } from './lenient.ts';

export const logLevels = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A log line as `GET …/logs` returns it: no cursor, no id. `timestamp`: epoch ns as a string. */
export const apiLogSchema = z.object({
	timestamp: z.string(),
	message: z.string(),
	replica: maybe(z.string()),
	request_id: maybe(z.string()),
	level: maybe(z.string()),
});
export type ApiLog = z.output<typeof apiLogSchema>;
export const logsReplySchema = z.object({ logs: z.array(apiLogSchema) });

/** Largest page and default page of `GET …/logs`. */
export const logPageLimit = 1000;
export const logPageDefault = 500;
/** Window that `GET …/logs` covers when no start is given, in ms. */
export const logWindowDefaultMs = 30 * 60_000;

const epochMillis = z.coerce.number().int().min(0);

/** Query (GET) or body (POST) of `…/logs`. */
export const logQuerySchema = z.object({
	start_epoch_millis: epochMillis.nullish(),
	end_epoch_millis: epochMillis.nullish(),
	direction: z.enum(['asc', 'desc']).nullish(),
	limit: z.coerce.number().int().min(1).max(logPageLimit).nullish(),
	min_level: z.enum(logLevels).nullish(),
});
export type LogQuery = z.output<typeof logQuerySchema>;

/** A stored log line. `seq` is the cursor: it rises by one per record of a job, from 1. */
export const logRecordSchema = z.object({
	seq: z.number().int().min(1),
	/** Epoch nanoseconds as a decimal string: they do not fit a double. */
	timestamp: z.string(),
	message: z.string(),
	/** Rank of the node as a string, null for lines of the plane itself. */
	replica: z.string().nullable(),
	level: z.string().nullable(),
});
export type LogRecord = z.output<typeof logRecordSchema>;

/** A record on its way into the store, before it has a cursor. */
export type NewLogRecord = Omit<LogRecord, 'seq'>;
