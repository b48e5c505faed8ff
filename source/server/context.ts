import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import { Failure } from '../contract/failure.ts';
import type { TrainingJob, TrainingProject } from '../contract/training-job.ts';
import type { ControlPlane } from '../planes/control-plane.ts';
import type { Store } from '../store/store.ts';

/** What the routes work with. */
export type ServerContext = {
	readonly store: Store;
	readonly plane: ControlPlane;
	/** Version of signalbox, for `GET /v1/signalbox`. */
	readonly version: string;
	/** Epoch ms. */
	readonly clock: () => number;
};

export type Environment = { Bindings: HttpBindings };
export type App = Hono<Environment>;

export const projectRoute = '/v1/training_projects/:project';
export const jobRoute = '/v1/training_projects/:project/jobs/:job';

/**
 * The project that the path names.
 * @throws Failure `not_found`
 */
export const projectOf = (
	{ store }: ServerContext,
	c: Context<Environment, typeof projectRoute>,
): TrainingProject => {
	const id = c.req.param('project');
	const project = store.jobs.project(id);
	if (!project) throw new Failure('not_found', `No training project found with ID: ${id}`);
	return project;
};

/**
 * The job that the path names, which must belong to the project that the path names.
 * @throws Failure `not_found`
 */
export const jobOf = (
	{ store }: ServerContext,
	c: Context<Environment, typeof jobRoute>,
): TrainingJob => {
	const job = store.requireJob(c.req.param('job'));
	const project = c.req.param('project');
	if (job.training_project_id !== project) {
		throw new Failure(
			'not_found',
			`No training job found with ID: ${job.id} in project ${project}`,
		);
	}
	return job;
};
