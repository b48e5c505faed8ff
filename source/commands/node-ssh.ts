import { join } from 'node:path';
import { Failure } from '../contract/failure.ts';
import type { NodeSession } from '../contract/session.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import { inspectAgent } from '../ssh/agent.ts';
import { prepareSsh, type SshLaunch } from '../ssh/launch.ts';
import type { Connection } from './connection.ts';
import { packageRoot } from './package-root.ts';

export type NodeSshOptions = {
	readonly connection: Connection;
	readonly job: TrainingJob;
	readonly session: NodeSession;
	readonly env: NodeJS.ProcessEnv;
	/** On unless told. */
	readonly forwardAgent?: boolean;
	/** A login shell unless told. */
	readonly command?: readonly string[];
};

/**
 * Gets all that ssh needs to enter a node: a certificate above all.
 * @throws Failure when the node can not be entered.
 */
export const prepareNodeSsh = ({
	connection,
	job,
	session,
	env,
	forwardAgent = true,
	command = [],
}: NodeSshOptions): Promise<SshLaunch> => {
	const { node, ssh_host: hostName, provider } = session;
	if (hostName === null) {
		throw new Failure(
			'conflict',
			session.session_id === null
				? `Job ${job.id} was created without interactive sessions.`
				: `The session of node ${node} is for ${provider ?? 'a tunnel'}, not ssh.`,
		);
	}
	return prepareSsh({
		hostName,
		sign: (publicKey) =>
			connection.api.signSsh(job.training_project_id, job.id, {
				public_key: publicKey,
				replica_id: String(node),
			}),
		proxyCommand: [process.execPath, join(packageRoot, 'dist', 'cli.js'), 'ssh-proxy'],
		forwardAgent,
		command,
		env,
	});
};

/** What a user should know of an agent that has nothing to forward; null when it has. */
export const agentAdvice = async (env: NodeJS.ProcessEnv): Promise<string | null> => {
	const { state } = await inspectAgent(env);
	if (state === 'keys') return null;
	return state === 'none'
		? 'no ssh agent is running, so none is forwarded: eval "$(ssh-agent)" && ssh-add starts one'
		: 'your ssh agent holds no keys, so git in the node has none: ssh-add adds them';
};
