import { join } from 'node:path';
import { Failure } from '../contract/failure.ts';
import type { NodeSession } from '../contract/session.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import { safeText } from '../monitor/fit.ts';
import { addKeysCommand, inspectAgent } from '../ssh/agent.ts';
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

/**
 * What a user should know of the agent before a connection: that it goes along, with which keys, or
 * why git in the node will have none.
 */
export const agentWords = async (
	forwardAgent: boolean,
	env: NodeJS.ProcessEnv,
): Promise<{ readonly text: string; readonly isProblem: boolean }> => {
	if (!forwardAgent) return { text: 'your ssh agent stays here', isProblem: false };
	const { state, keys } = await inspectAgent(env);
	if (state === 'keys') {
		const names = keys.map(({ comment }) => comment).join(', ');
		return { text: `your ssh agent is forwarded: ${safeText(names)}`, isProblem: false };
	}
	const text =
		state === 'none'
			? `no ssh agent is running, so none is forwarded: eval "$(ssh-agent)" && ${addKeys} starts one`
			: `your ssh agent holds no keys, so git in the node has none: ${addKeys} adds them`;
	return { text, isProblem: true };
};

const addKeys = addKeysCommand(process.platform).join(' ');
