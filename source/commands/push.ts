import { resolve } from 'node:path';
import type { TrainingJob } from '../contract/training-job.ts';
import type { CommandInput } from './command.ts';
import { type Connection, withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { readJobFile } from './job-file.ts';
import { jsonText } from './output.ts';
import { connectionFlagsOf } from './settings.ts';
import { snapshotWhen } from './snapshot.ts';

/** `signalbox push FILE`: starts the job that a file describes. */
export const push = async (
	{ words: [file = ''], flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> => {
	const { project, job: request } = await readJobFile(resolve(edges.cwd, file));
	return withConnection(connectionFlagsOf(flags, edges), edges, async (connection) => {
		const { id } = await connection.api.createProject(flags.project ?? project);
		const job = await connection.api.createJob(id, request);
		edges.stdout.write(flags.json ? jsonText(job) : `pushed ${job.id}\n`);
		if (connection.isEmbedded) await leaveRunning(connection, job, edges);
		else if (!flags.json) {
			edges.stderr.write(`watch it with signalbox ${job.id}\n`);
		}
		return 0;
	});
};

/** The plane ends with this command: it may go only when the nodes have been started. */
const leaveRunning = async (
	connection: Connection,
	job: TrainingJob,
	{ stderr }: CommandEdges,
): Promise<void> => {
	await snapshotWhen(connection, job, ({ job: { current_status: status } }) =>
		['TRAINING_JOB_CREATED', 'TRAINING_JOB_DEPLOYING'].every((starting) => status !== starting),
	);
	stderr.write(
		`it runs by itself until a signalbox takes over: watch it with signalbox ${job.id}\n`,
	);
};
