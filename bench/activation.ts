import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSessionFeed } from '../source/client/session-feed.ts';
import { type Figure, median, told } from './figures.ts';
import { openSite, type Site } from './site.ts';

const rounds = 5;
const goalMs = 1_000;

/** How long the feed takes to tell that a session on demand has become active. */
export const measureActivation = async (): Promise<readonly Figure[]> => {
	const site = await openSite();
	try {
		const bySsh: number[] = [];
		const byPatch: number[] = [];
		for (let round = 0; round < rounds; round += 1) {
			bySsh.push(await untilActive(site, connectBySsh));
			byPatch.push(await untilActive(site, changeTrigger));
		}
		return [
			figure('session on demand: ssh starts -> feed tells "active"', bySsh),
			figure('session on demand: PATCH sent -> feed tells "active"', byPatch),
		];
	} finally {
		await site.close();
	}
};

const figure = (what: string, times: readonly number[]): Figure => ({
	what,
	measured: told(times, 'ms'),
	beside: '',
	goal: `<= ${goalMs} ms`,
	reached: median(times) <= goalMs,
	numbers: { ms: median(times) },
});

type Act = (site: Site, job: Awaited<ReturnType<Site['push']>>) => Promise<void>;

const connectBySsh: Act = async (site, job) => {
	const { command, args, env } = await site.enter(job, ['true']);
	const child = spawn(command, args, { env, stdio: 'ignore' });
	await once(child, 'exit');
};

const changeTrigger: Act = async (site, job) => {
	const { session_id: session } = site.node(job);
	const patch = { trigger: 'on_startup' };
	await site.api.patchSession(job.training_project_id, job.id, session ?? '', patch);
};

const untilActive = async (site: Site, act: Act): Promise<number> => {
	const job = await site.push('on_demand');
	const { promise, resolve } = Promise.withResolvers<number>();
	const { promise: open, resolve: opened } = Promise.withResolvers<void>();
	const feed = openSessionFeed({
		url: site.url,
		token: site.token,
		projectId: job.training_project_id,
		jobId: job.id,
		onSnapshot: ({ sessions: [session] }) => {
			opened();
			if (session?.state === 'active') resolve(performance.now());
		},
		onState: () => {},
	});
	await open;
	const start = performance.now();
	const [told] = await Promise.all([promise, act(site, job)]);
	feed.close();
	await site.api.stopJob(job.training_project_id, job.id);
	return told - start;
};
