import { constants } from 'node:os';
import { Failure } from '../contract/failure.ts';
import { runOnTerminal } from '../ssh/launch.ts';
import type { CommandInput } from './command.ts';
import { readConfigFile } from './config.ts';
import { withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { agentWords, prepareNodeSsh } from './node-ssh.ts';
import { connectionFlagsOf, findJob } from './settings.ts';
import { snapshotOf } from './snapshot.ts';

/** `signalbox ssh JOB[:NODE] [-- COMMAND]`: exits as ssh does. */
export const ssh = async (
	{ words: [target = ''], rest, flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> => {
	const { id, node } = targetOf(target);
	const { env, stdin, stderr } = edges;
	const forwardAgent = flags.forwardAgent ?? (await readConfigFile(env)).forward_agent;
	return withConnection(connectionFlagsOf(flags, edges), edges, async (connection) => {
		const job = await findJob(connection, id);
		const { sessions } = await snapshotOf(connection, job);
		const session = sessions.find((each) => each.node === node);
		if (!session) {
			throw new Failure(
				'not_found',
				`Job ${job.id} has no node ${node}. It has ${sessions.length}, counted from 0.`,
			);
		}
		const [launch, agent] = await Promise.all([
			prepareNodeSsh({ connection, job, session, env, forwardAgent, command: rest }),
			agentWords(forwardAgent, env),
		]);
		// A script's output stays clean unless something is wrong.
		if (agent.isProblem || (rest.length === 0 && stdin.isTTY)) {
			stderr.write(`signalbox: ${agent.text}\n`);
		}
		const { exitCode, signal } = await runOnTerminal(launch);
		return exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]);
	});
};

/** `7xk2p9c:1` -> job and rank. @throws Failure `usage` */
const targetOf = (target: string): { readonly id: string; readonly node: number } => {
	const [, id, node = '0'] = /^([^:]+)(?::(\d{1,4}))?$/.exec(target) ?? [];
	if (id !== undefined) return { id, node: Number(node) };
	throw new Failure('usage', `"${target}" is no JOB or JOB:NODE, e.g. 7xk2p9c:1.`);
};
