import { Failure } from '../contract/failure.ts';
import { hasEnded } from '../contract/status.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { CommandInput } from './command.ts';
import { readConfigFile } from './config.ts';
import { type Connection, withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { connectionFlagsOf, findJob } from './settings.ts';

/** `signalbox [JOB]`: the screen. */
export const monitor = async (
	{ words: [id], flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> => {
	requireTerminal(id, edges);
	// Loaded while the server is looked for and asked.
	const screen = import('./screen/run-screen.ts');
	const { url, remote, dataDir } = flags;
	const kept = await readConfigFile(edges.env);
	const config = { ...kept, forward_agent: flags.forwardAgent ?? kept.forward_agent };
	const enterFlags = [
		...(url === undefined ? [] : [`--url ${url}`]),
		...(remote === undefined ? [] : [`--remote ${remote}`]),
		...(dataDir === undefined ? [] : [`--data-dir ${dataDir}`]),
	].join(' ');
	return withConnection(connectionFlagsOf(flags, edges), edges, async (connection) => {
		const { job, isChoice } = await (id === undefined
			? newestJob(connection)
			: findJob(connection, id).then((found) => ({ job: found, isChoice: false })));
		const { runScreen } = await screen;
		return runScreen({ connection, job, enterFlags, colour: flags.color, config, isChoice }, edges);
	});
};

/** @throws Failure `usage` */
const requireTerminal = (
	id: string | undefined,
	{ stdin, stdout }: Pick<CommandEdges, 'stdin' | 'stdout'>,
): void => {
	if (stdin.isTTY && stdout.isTTY) return;
	throw new Failure(
		'usage',
		`The screen needs a terminal. Without one, use signalbox logs ${id ?? 'JOB'} --tail.`,
	);
};

/**
 * The newest job that is active, or else the newest; a choice, when several are active.
 * @throws Failure `not_found`
 */
const newestJob = async ({
	api,
}: Connection): Promise<{ readonly job: TrainingJob; readonly isChoice: boolean }> => {
	const jobs = await api.listJobs();
	const active = jobs.filter(({ current_status: status }) => !hasEnded(status));
	const job = active[0] ?? jobs[0];
	if (job) return { job, isChoice: active.length > 1 };
	throw new Failure(
		'not_found',
		'There is no job to watch. Try signalbox demo, or start one with signalbox push FILE.',
	);
};
