import type { CommandInput } from './command.ts';
import { withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { jsonText } from './output.ts';
import { connectionFlagsOf, findJob } from './settings.ts';

/** `signalbox stop JOB`: stops a job on all its nodes, sessions included. */
export const stop = (
	{ words: [id = ''], flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> =>
	withConnection(connectionFlagsOf(flags, edges), edges, async (connection) => {
		const job = await findJob(connection, id);
		const stopped = await connection.api.stopJob(job.training_project_id, job.id);
		edges.stdout.write(flags.json ? jsonText(stopped) : `stopped ${job.id}\n`);
		return 0;
	});
