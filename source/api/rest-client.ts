import { z } from 'zod';
import { Failure } from '../contract/failure.ts';
import {
	type LogMatchesReply,
	type LogRecordsReply,
	logCursorReplySchema,
	logMatchesReplySchema,
	logRecordsReplySchema,
} from '../contract/feeds.ts';
import { isEveryLine, type LineFilter } from '../contract/line-filter.ts';
import { type ApiLog, type LogQuery, logsReplySchema } from '../contract/log.ts';
import { type MetricsQuery, type MetricsReply, metricsReplySchema } from '../contract/metrics.ts';
import { jobPath, projectPath, sessionPath } from '../contract/paths.ts';
import { type QueueContext, queueContextSchema } from '../contract/queue.ts';
import { type Secret, secretsReplySchema } from '../contract/secret.ts';
import { type ServerInfo, serverInfoSchema } from '../contract/server-info.ts';
import {
	type AuthCode,
	authCodesReplySchema,
	type PatchSession,
	type PatchSessionReply,
	patchSessionReplySchema,
} from '../contract/session.ts';
import { type SshSignReply, type SshSignRequest, sshSignReplySchema } from '../contract/ssh.ts';
import {
	type CreateTrainingJobInput,
	jobReplySchema,
	jobsReplySchema,
	projectReplySchema,
	type SearchRequest,
	type TrainingJob,
	type TrainingProject,
	trainingJobSchema,
} from '../contract/training-job.ts';
import { type Edges, realEdges } from './edges.ts';
import { type AuthorizationScheme, endpointOf } from './endpoint.ts';
import { createSend } from './http.ts';
import { RequestFailure } from './request-failure.ts';

/**
 * The calls to a server that speaks the training API, ours or Baseten's. Each rejects with a
 * `Failure` whose message is one line for people. Reads are repeated by themselves up to twice,
 * everything else is sent once.
 */
export type Api = {
	/** The job of that id, in whatever project. Rejects with `not_found`. */
	findJob(jobId: string): Promise<TrainingJob>;
	/** Jobs that match every given field, newest first. */
	listJobs(request?: SearchRequest): Promise<TrainingJob[]>;
	/** The project of that name, created when there is none. */
	createProject(name: string): Promise<TrainingProject>;
	createJob(projectId: string, request: CreateTrainingJobInput): Promise<TrainingJob>;
	getJob(projectId: string, jobId: string): Promise<TrainingJob>;
	stopJob(projectId: string, jobId: string): Promise<TrainingJob>;
	/** Creates a new job with the same request; the id is new. */
	recreateJob(projectId: string, jobId: string): Promise<TrainingJob>;
	authCodes(projectId: string, jobId: string): Promise<AuthCode[]>;
	/**
	 * Adds minutes and/or changes the trigger: sent once. When the answer is lost it rejects with
	 * `unreachable`, and says what can be read of the session now.
	 */
	patchSession(
		projectId: string,
		jobId: string,
		sessionId: string,
		patch: PatchSession,
	): Promise<PatchSessionReply>;
	signSsh(projectId: string, jobId: string, request: SshSignRequest): Promise<SshSignReply>;
	/** Names and dates: no call returns a value. */
	listSecrets(): Promise<Secret[]>;
	putSecret(name: string, value: string): Promise<void>;
	deleteSecret(name: string): Promise<void>;
	/** What a job waits for. For administrators of the organisation alone: others are refused. */
	queueContext(jobId: string): Promise<QueueContext>;
	/** What a job's nodes use, as time series. */
	metrics(projectId: string, jobId: string, query?: MetricsQuery): Promise<MetricsReply>;
	/** Lines of a window by time; asks for no order or window that the query does not name. */
	logs(projectId: string, jobId: string, query: LogQuery): Promise<ApiLog[]>;
	/** Records next to a cursor, in rising order; the newest without one. Signalbox servers only. */
	logsPage(projectId: string, jobId: string, place: LogPlace): Promise<LogRecordsReply>;
	/** As `logsPage`, but only the cursors of the records. Signalbox servers only. */
	logMatches(projectId: string, jobId: string, place: LogPlace): Promise<LogMatchesReply>;
	/** Cursor of the first line of a time (epoch ms) or later. Signalbox servers only. */
	logCursorAt(projectId: string, jobId: string, timeMs: number): Promise<number | null>;
	/** Signalbox servers only. */
	serverInfo(): Promise<ServerInfo>;
};

/**
 * Up to `limit` (1 to 1000, default 500) records before, after or around a cursor that a filter
 * lets through. An answer may hold fewer, and says how far it looked.
 */
export type LogPlace = {
	readonly before?: number;
	readonly after?: number;
	readonly around?: number;
	readonly limit?: number;
	readonly filter?: LineFilter;
};

export type ApiOptions = {
	/** Base URL of the server. */
	readonly url: string;
	readonly token: string;
	/** `Bearer` unless told. */
	readonly scheme?: AuthorizationScheme;
	/** How long one attempt may take, 30 s by default. */
	readonly timeoutMs?: number;
	readonly edges?: Partial<Edges>;
};

// Some servers answer a search with the bare list.
const searchReplySchema = z.union([
	jobsReplySchema,
	z.array(trainingJobSchema).transform((training_jobs) => ({ training_jobs })),
]);

/** @throws Failure when the URL or the token can not be used at all. */
export const createApi = ({ url, token, scheme, timeoutMs = 30_000, edges }: ApiOptions): Api => {
	const endpoint = endpointOf(url, token, scheme);
	const send = createSend(endpoint, { ...realEdges, ...edges }, timeoutMs);

	const listJobs = async (request: SearchRequest = {}): Promise<TrainingJob[]> => {
		const reply = await send('/v1/training_jobs/search', {
			method: 'POST',
			body: request,
			reply: searchReplySchema,
			repeatable: true,
		});
		return reply.training_jobs;
	};

	/** A POST that is answered with a job. */
	const postForJob = async (path: string, body: unknown): Promise<TrainingJob> =>
		(await send(path, { method: 'POST', body, reply: jobReplySchema })).training_job;

	const authCodes = async (projectId: string, jobId: string): Promise<AuthCode[]> =>
		(await send(`${jobPath(projectId, jobId)}/auth_codes`, { reply: authCodesReplySchema }))
			.auth_codes;

	return {
		listJobs,
		authCodes,
		findJob: async (jobId) => {
			const jobs = await listJobs({ job_id: jobId });
			const job = jobs.find(({ id }) => id === jobId);
			if (!job) throw new Failure('not_found', `No training job found with ID: ${jobId}`);
			return job;
		},
		createProject: async (name) => {
			const reply = await send('/v1/training_projects', {
				method: 'POST',
				body: { training_project: { name } },
				reply: projectReplySchema,
			});
			return reply.training_project;
		},
		createJob: (projectId, request) =>
			postForJob(`${projectPath(projectId)}/jobs`, { training_job: request }),
		getJob: async (projectId, jobId) =>
			(await send(jobPath(projectId, jobId), { reply: jobReplySchema })).training_job,
		stopJob: (projectId, jobId) => postForJob(`${jobPath(projectId, jobId)}/stop`, {}),
		recreateJob: (projectId, jobId) => postForJob(`${jobPath(projectId, jobId)}/recreate`, {}),
		patchSession: async (projectId, jobId, sessionId, patch) => {
			try {
				return await send(sessionPath(projectId, jobId, sessionId), {
					method: 'PATCH',
					body: patch,
					reply: patchSessionReplySchema,
				});
			} catch (error) {
				if (!(error instanceof RequestFailure) || !error.mayHaveActed) throw error;
				const codes = await authCodes(projectId, jobId).catch(() => []);
				throw unknownOutcome(
					patch,
					codes.find(({ session_id }) => session_id === sessionId),
					error,
				);
			}
		},
		signSsh: (projectId, jobId, request) =>
			send(`${jobPath(projectId, jobId)}/ssh/sign`, {
				method: 'POST',
				body: request,
				reply: sshSignReplySchema,
			}),
		putSecret: async (name, value) => {
			await send('/v1/secrets', { method: 'POST', body: { name, value }, reply: z.unknown() });
		},
		listSecrets: async () => (await send('/v1/secrets', { reply: secretsReplySchema })).secrets,
		deleteSecret: async (name) => {
			await send(`/v1/secrets/${encodeURIComponent(name)}`, {
				method: 'DELETE',
				reply: z.unknown(),
			});
		},
		metrics: (projectId, jobId, query = {}) =>
			send(`${jobPath(projectId, jobId)}/metrics?${queryText(query)}`, {
				reply: metricsReplySchema,
			}),
		queueContext: (jobId) =>
			send(`/v1/training/jobs/${encodeURIComponent(jobId)}/queue_context`, {
				reply: queueContextSchema,
			}),
		logs: async (projectId, jobId, query) => {
			const path = `${jobPath(projectId, jobId)}/logs?${queryText(query)}`;
			return (await send(path, { reply: logsReplySchema })).logs;
		},
		logsPage: (projectId, jobId, place) =>
			send(`${jobPath(projectId, jobId)}/logs/page?${placeText(place)}`, {
				reply: logRecordsReplySchema,
			}),
		logMatches: (projectId, jobId, place) =>
			send(`${jobPath(projectId, jobId)}/logs/matches?${placeText(place)}`, {
				reply: logMatchesReplySchema,
			}),
		logCursorAt: async (projectId, jobId, timeMs) => {
			const path = `${jobPath(projectId, jobId)}/logs/cursor?${queryText({ time: timeMs })}`;
			return (await send(path, { reply: logCursorReplySchema })).seq;
		},
		serverInfo: () => send('/v1/signalbox', { reply: serverInfoSchema }),
	};
};

const placeText = ({ filter, ...place }: LogPlace): string =>
	queryText({
		...place,
		filter: filter === undefined || isEveryLine(filter) ? null : JSON.stringify(filter),
	});

/** The fields that are given, as the query of a URL. */
const queryText = (query: object): string =>
	new URLSearchParams(
		Object.entries(query).flatMap(([name, value]): [string, string][] =>
			value == null ? [] : [[name, String(value)]],
		),
	).toString();

const unknownOutcome = (
	{ timeout_minutes, trigger }: PatchSession,
	session: AuthCode | undefined,
	cause: RequestFailure,
): Failure => {
	const deeds = [
		...(timeout_minutes == null ? [] : ['the time was added']),
		...(trigger == null ? [] : ['the trigger was changed']),
	];
	const now = session?.expires_at
		? `The session now expires at ${session.expires_at}.`
		: 'Look at the session before you try again.';
	return new Failure(
		'unreachable',
		`It is not known whether ${deeds.join(' and ')}: ${cause.message} ${now}`,
		{ cause },
	);
};
