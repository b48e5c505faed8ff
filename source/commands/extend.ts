import type { CommandInput } from './command.ts';
import { withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { reportChanges } from './report-changes.ts';
import { changeSessions } from './session-changes.ts';
import { connectionFlagsOf, findJob, minutesOf, nodeOf } from './settings.ts';

/** `signalbox extend JOB --minutes M [--node N]`: adds minutes to what is left. */
export const extend = (
	{ words: [id = ''], flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> => {
	const minutes = minutesOf(flags.minutes);
	const node = nodeOf(flags.node);
	return withConnection(connectionFlagsOf(flags, edges), edges, async (connection) => {
		const job = await findJob(connection, id);
		const changes = await changeSessions(connection, job, node, { timeout_minutes: minutes });
		return reportChanges(changes, flags.json ?? false, edges);
	});
};
