import type { Context } from 'hono';
import { z } from 'zod';
import { createTrainingJobSchema } from '../contract/training-job.ts';
import {
	type App,
	type Environment,
	projectOf,
	projectRoute,
	type ServerContext,
} from './context.ts';
import { readEnvelope } from './request-body.ts';

const newProjectSchema = z.object({ name: z.string().min(1).max(200) });

/** Projects, and the jobs of a project, as the Baseten training API has them. */
export const addProjectRoutes = (app: App, context: ServerContext): void => {
	const { store, plane } = context;

	app.get('/v1/training_projects', async (c) => {
		await plane.refreshJobs();
		return c.json({ training_projects: store.jobs.projects() });
	});

	const upsertProject = async (c: Context<Environment>) => {
		const { name } = await readEnvelope(c, 'training_project', newProjectSchema);
		return c.json({ training_project: await plane.upsertProject(name) });
	};
	app.post('/v1/training_projects', upsertProject);
	// A plane knows one team, whatever its name.
	app.post('/v1/teams/:team/training_projects', upsertProject);

	app.get(projectRoute, (c) => c.json({ training_project: projectOf(context, c) }));

	app.get(`${projectRoute}/jobs`, async (c) => {
		await plane.refreshJobs();
		const project = projectOf(context, c);
		const jobs = store.jobs.search({ project_id: project.id });
		return c.json({ training_project: project, training_jobs: jobs });
	});

	app.post(`${projectRoute}/jobs`, async (c) => {
		const project = projectOf(context, c);
		const request = await readEnvelope(c, 'training_job', createTrainingJobSchema);
		return c.json({ training_job: await plane.createJob(project.id, request) });
	});
};
