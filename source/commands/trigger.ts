import { closestMatch } from 'leven';
import { Failure } from '../contract/failure.ts';
import { type SessionTrigger, sessionTriggers } from '../contract/session.ts';
import type { CommandInput } from './command.ts';
import { withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { reportChanges } from './report-changes.ts';
import { changeSessions } from './session-changes.ts';
import { connectionFlagsOf, findJob, nodeOf } from './settings.ts';

/** `signalbox trigger JOB MODE [--node N]`: changes when sessions become active. */
export const trigger = (
	{ words: [id = '', mode = ''], flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> => {
	const wanted = triggerOf(mode);
	const node = nodeOf(flags.node);
	return withConnection(connectionFlagsOf(flags, edges), edges, async (connection) => {
		const job = await findJob(connection, id);
		const changes = await changeSessions(connection, job, node, { trigger: wanted });
		return reportChanges(changes, flags.json ?? false, edges);
	});
};

/** @throws Failure `usage` */
const triggerOf = (mode: string): SessionTrigger => {
	const found = sessionTriggers.find((each) => each === mode);
	if (found) return found;
	const near = closestMatch(mode, sessionTriggers, { maxDistance: 4 });
	const hint =
		near === undefined ? `Use one of ${sessionTriggers.join(', ')}.` : `Did you mean ${near}?`;
	throw new Failure('usage', `There is no trigger "${mode}". ${hint}`);
};
