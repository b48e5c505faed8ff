import { Failure } from '../../contract/failure.ts';
import type { MessageKind } from '../../monitor/state.ts';
import { runSsh, type SshExit } from '../../ssh/launch.ts';
import type { Suspend } from '../../ui/commands.ts';
import { agentAdvice, prepareNodeSsh } from '../node-ssh.ts';
import { anyKey } from './any-key.ts';
import type { ScreenContext } from './screen-commands.ts';

/** Exit code with which ssh tells errors of its own; commands can use it too (ssh(1)). */
const sshFailed = 255;

/**
 * Opens a shell on a node in place of the screen, and comes back when it ends.
 * @throws Failure when the node can not be entered, before the screen has gone.
 */
export const sshFromScreen = async (
	{ connection, job, monitor, edges, end }: ScreenContext,
	node: number,
	suspend: Suspend,
	tell: (text: string, kind?: MessageKind) => void,
): Promise<void> => {
	const { stdin, stdout, env } = edges;
	const session = monitor.getState().snapshot?.sessions.find((each) => each.node === node);
	if (!session) throw new Failure('not_found', `There is no node ${node}.`);
	const [launch, advice] = await Promise.all([
		prepareNodeSsh({ connection, job, session, env }),
		agentAdvice(env),
	]);
	let exit: SshExit | undefined;
	await suspend(async () => {
		stdout.write(`signalbox: ssh to node ${node} of job ${job.id}; exit brings the screen back\n`);
		if (advice !== null) stdout.write(`signalbox: ${advice}\n`);
		exit = await runSsh(launch, end.signal);
		if (exit.exitCode === sshFailed && !end.signal.aborted) {
			stdout.write('signalbox: ssh failed; press any key to go back to the screen ');
			await anyKey(stdin, end.signal);
		}
	});
	if (exit) tell(...outcome(node, exit));
};

const outcome = (node: number, { exitCode, signal }: SshExit): [string, MessageKind] => {
	if (signal !== null) return [`ssh to node ${node} was ended by ${signal}`, 'warn'];
	if (exitCode === sshFailed) return [`ssh to node ${node} failed or lost its connection`, 'error'];
	if (exitCode === 0) return [`ssh to node ${node} ended`, 'info'];
	return [`ssh to node ${node} ended with exit code ${exitCode}`, 'info'];
};
