/**
 * Job statuses. The API sends a free string; these are the known values, and an unknown one is
 * shown as it came.
 */
export const jobStatuses = [
	'TRAINING_JOB_PENDING',
	'TRAINING_JOB_CREATED',
	'TRAINING_JOB_QUEUED',
	'TRAINING_JOB_DEPLOYING',
	'TRAINING_JOB_RUNNING',
	'TRAINING_JOB_COMPLETED',
	'TRAINING_JOB_FAILED',
	'TRAINING_JOB_DEPLOY_FAILED',
	'TRAINING_JOB_STOPPED',
	'TRAINING_JOB_PREEMPTED',
	'TRAINING_JOB_EXPIRED',
] as const;

export type JobStatus = (typeof jobStatuses)[number];

/** What a status means for a reader: waiting for its place, running, over, or not known to us. */
export type StatusClass = 'starting' | 'active' | 'ended' | 'unknown';

const classes: Readonly<Record<JobStatus, StatusClass>> = {
	TRAINING_JOB_PENDING: 'starting',
	TRAINING_JOB_CREATED: 'starting',
	TRAINING_JOB_QUEUED: 'starting',
	TRAINING_JOB_DEPLOYING: 'active',
	TRAINING_JOB_RUNNING: 'active',
	TRAINING_JOB_COMPLETED: 'ended',
	TRAINING_JOB_FAILED: 'ended',
	TRAINING_JOB_DEPLOY_FAILED: 'ended',
	TRAINING_JOB_STOPPED: 'ended',
	TRAINING_JOB_PREEMPTED: 'ended',
	TRAINING_JOB_EXPIRED: 'ended',
};

/** Classifies a status string; a value that is not known is `unknown`, never an error. */
export const classifyStatus = (status: string): StatusClass =>
	Object.hasOwn(classes, status) ? classes[status as JobStatus] : 'unknown';

/** Whether nothing more will run under this status. */
export const hasEnded = (status: string): boolean => classifyStatus(status) === 'ended';

/** `TRAINING_JOB_DEPLOY_FAILED` -> `DEPLOY FAILED`; an unknown value only loses its underscores. */
export const statusLabel = (status: string): string =>
	status.replace(/^TRAINING_JOB_/, '').replaceAll('_', ' ');
