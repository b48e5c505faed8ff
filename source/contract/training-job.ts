import { z } from 'zod';
import { maybe } from './lenient.ts';
import { authProviders, sessionProviders, sessionTriggers } from './session.ts';

export const instanceTypeSchema = z.object({
	id: z.string(),
	name: z.string(),
	memory_limit_mib: maybe(z.number()),
	millicpu_limit: maybe(z.number()),
	gpu_count: maybe(z.number()),
	gpu_type: maybe(z.string()),
	gpu_memory_limit_mib: maybe(z.number()),
});

/** A training job as the API returns it. Times are ISO 8601 strings. */
export const trainingJobSchema = z.object({
	id: z.string(),
	created_at: z.string(),
	updated_at: z.string().catch(''),
	current_status: z.string().catch('UNKNOWN'),
	error_message: maybe(z.string()),
	instance_type: maybe(instanceTypeSchema),
	training_project_id: z.string().catch(''),
	training_project: maybe(z.object({ id: z.string(), name: z.string() })),
	name: maybe(z.string()),
	checkpoint_sync_status: maybe(z.string()),
	priority: maybe(z.number()),
	availability_model: maybe(z.string()),
	user: maybe(z.object({ email: maybe(z.string()) })),
	/** Only newer servers return it. */
	node_count: maybe(z.number()),
});
export type TrainingJob = z.output<typeof trainingJobSchema>;

export const trainingProjectSchema = z.object({
	id: z.string(),
	name: z.string(),
	created_at: z.string().catch(''),
	updated_at: z.string().catch(''),
	team_name: maybe(z.string()),
	latest_job: maybe(trainingJobSchema),
});
export type TrainingProject = z.output<typeof trainingProjectSchema>;

export const jobReplySchema = z.object({ training_job: trainingJobSchema });
export const projectReplySchema = z.object({ training_project: trainingProjectSchema });
export const jobsReplySchema = z.object({ training_jobs: z.array(trainingJobSchema) });
export const projectsReplySchema = z.object({ training_projects: z.array(trainingProjectSchema) });

/** A reference to a stored secret, in place of a plain environment value. */
export const secretReferenceSchema = z.strictObject({ name: z.string().min(1) });
export type SecretReference = z.output<typeof secretReferenceSchema>;

const environmentName = z
	.string()
	.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of letters, digits and _');

export const runtimeSchema = z.object({
	start_commands: z.array(z.string()).default([]),
	environment_variables: z
		.record(environmentName, z.union([z.string(), secretReferenceSchema]))
		.default({}),
	checkpointing_config: z
		.object({ enabled: z.boolean().default(false), checkpoint_path: z.string().nullish() })
		.nullish(),
});

export const computeSchema = z.object({
	node_count: z.number().int().min(1).max(64).default(1),
	cpu_count: z.number().min(0).default(1),
	memory: z.string().default('2Gi'),
	accelerator: z.object({ accelerator: z.string(), count: z.number().int().min(1) }).nullish(),
	availability_model: z.string().default('dedicated'),
});

/** Longest timeout that a plane accepts, in minutes: the 10 years that -1 stands for. */
export const longestTimeoutMinutes = 10 * 365 * 24 * 60;

/** `-1` (infinite) or 1 to {@link longestTimeoutMinutes} minutes. */
export const timeoutMinutesSchema = z
	.number()
	.int('must be a whole number of minutes')
	.refine((minutes) => minutes === -1 || (minutes >= 1 && minutes <= longestTimeoutMinutes), {
		error: `must be 1 to ${longestTimeoutMinutes} minutes, or -1 for no limit`,
	});

export const sessionConfigSchema = z.object({
	trigger: z.enum(sessionTriggers).default('on_demand'),
	timeout_minutes: timeoutMinutesSchema.default(480),
	session_provider: z.enum(sessionProviders).default('vs_code'),
	auth_provider: z.enum(authProviders).default('github'),
});
export type SessionConfig = z.output<typeof sessionConfigSchema>;

/** The body of a job creation. Fields that only a cluster can honour pass through unread. */
export const createTrainingJobSchema = z.looseObject({
	name: z.string().nullish(),
	image: z.looseObject({ base_image: z.string() }).nullish(),
	compute: computeSchema.prefault({}),
	runtime: runtimeSchema.prefault({}),
	interactive_session: sessionConfigSchema.nullish(),
	priority: z.number().int().default(0),
	/**
	 * Not Baseten's: a folder of this machine whose content each node's working directory starts
	 * with. Only the local plane reads it; a cluster is given an archive instead.
	 */
	source_directory: z.string().nullish(),
});
export type CreateTrainingJob = z.output<typeof createTrainingJobSchema>;
export type CreateTrainingJobInput = z.input<typeof createTrainingJobSchema>;

export const searchRequestSchema = z.object({
	project_id: z.string().nullish(),
	job_id: z.string().nullish(),
	statuses: z.array(z.string()).nullish(),
	order_by: z
		.array(z.object({ field: z.literal('created_at'), order: z.enum(['asc', 'desc']) }))
		.nullish(),
});
export type SearchRequest = z.output<typeof searchRequestSchema>;
