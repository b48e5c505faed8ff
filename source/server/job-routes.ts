import { Failure } from '../contract/failure.ts';
import { metricsQuerySchema } from '../contract/metrics.ts';
import { parse } from '../contract/parse.ts';
import { sshSignRequestSchema } from '../contract/ssh.ts';
import { searchRequestSchema } from '../contract/training-job.ts';
import { type App, jobOf, jobRoute, projectOf, type ServerContext } from './context.ts';
import { readBody } from './request-body.ts';

/** A job and what can be done with it, as the Baseten training API has it. */
export const addJobRoutes = (app: App, context: ServerContext): void => {
	const { store, plane } = context;

	app.post('/v1/training_jobs/search', async (c) => {
		const request = await readBody(c, searchRequestSchema);
		if (request.job_id) await plane.refreshJob(request.job_id).catch(ignoreUnknown);
		else await plane.refreshJobs();
		return c.json({ training_jobs: store.jobs.search(request) });
	});

	app.get(jobRoute, (c) => {
		const job = jobOf(context, c);
		return c.json({ training_project: projectOf(context, c), training_job: job });
	});

	app.post(`${jobRoute}/stop`, async (c) => {
		const job = jobOf(context, c);
		return c.json({ training_job: await plane.stopJob(job.id) });
	});

	app.post(`${jobRoute}/recreate`, async (c) => {
		const job = jobOf(context, c);
		return c.json({ training_job: await plane.recreateJob(job.id) });
	});

	app.get(`${jobRoute}/metrics`, async (c) => {
		const job = jobOf(context, c);
		const reply = await plane.metrics(job.id, parse(metricsQuerySchema, c.req.query()));
		return c.json({ ...reply, training_job: job });
	});

	// The older form of the same call, which some clients still use.
	app.post(`${jobRoute}/metrics`, async (c) => {
		const job = jobOf(context, c);
		const reply = await plane.metrics(job.id, await readBody(c, metricsQuerySchema));
		return c.json({ ...reply, training_job: job });
	});

	app.post(`${jobRoute}/ssh/sign`, async (c) => {
		const job = jobOf(context, c);
		const request = await readBody(c, sshSignRequestSchema);
		return c.json(await plane.signSsh(job.id, request));
	});
};

/** A search for a job that does not exist finds nothing, and is no error. */
const ignoreUnknown = (error: unknown): void => {
	if (!(error instanceof Failure) || error.kind !== 'not_found') throw error;
};
