import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '../api/rest-client.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { CommandInput } from './command.ts';
import { readConfigFile } from './config.ts';
import type { Connection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { followLog } from './follow-log.ts';
import { readJobFile } from './job-file.ts';
import { type LocalHost, openLocalHost } from './local-host.ts';
import { createPrint } from './logs.ts';
import { packageRoot } from './package-root.ts';
import { snapshotWhen } from './snapshot.ts';
import { statusText } from './status.ts';

/**
 * `signalbox demo`: a real training on a local plane of its own, which ends with the command. On a
 * terminal it shows the screen, elsewhere it prints the sessions and the log.
 */
export const demo = async ({ flags }: CommandInput, edges: CommandEdges): Promise<number> => {
	const dataDirectory = await mkdtemp(join(tmpdir(), 'signalbox-demo-'));
	try {
		const host = await openLocalHost({ dataDirectory, now: edges.now });
		try {
			const connection = connectionTo(host);
			if (host.sshRefusal !== null) edges.stderr.write(`signalbox: ${host.sshRefusal}\n`);
			const job = await pushExample(connection);
			if (!edges.stdin.isTTY || !edges.stdout.isTTY) {
				return await printDemo(connection, job, { flags, words: [], rest: [] }, edges);
			}
			const config = await readConfigFile(edges.env);
			const { runScreen } = await import('./screen/run-screen.ts');
			const enterFlags = `--data-dir ${dataDirectory}`;
			return await runScreen({ connection, job, enterFlags, colour: flags.color, config }, edges);
		} finally {
			await endJobs(host);
			await host.close();
		}
	} finally {
		await rm(dataDirectory, { recursive: true, force: true });
	}
};

const connectionTo = (host: LocalHost): Connection => ({
	api: createApi(host),
	url: host.url,
	token: host.token,
	isEmbedded: true,
	close: () => host.close(),
});

const pushExample = async ({ api }: Connection): Promise<TrainingJob> => {
	const file = join(packageRoot, 'examples', 'digits', 'job.yaml');
	const { project, job } = await readJobFile(file);
	const { id } = await api.createProject(project);
	return api.createJob(id, job);
};

const printDemo = async (
	connection: Connection,
	job: TrainingJob,
	{ flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> => {
	const snapshot = await snapshotWhen(connection, job, ({ sessions }) =>
		sessions.every(({ container }) => container !== 'starting'),
	);
	edges.stdout.write(`${statusText(snapshot)}\n`);
	return followLog(connection, job, 0, createPrint(flags, edges), edges);
};

/** Stops what still runs: the demo leaves nothing behind. */
const endJobs = async ({ plane, store }: LocalHost): Promise<void> => {
	// A job that has ended has nothing to stop.
	for (const { id } of store.jobs.search({})) await plane.stopJob(id).catch(() => {});
};
