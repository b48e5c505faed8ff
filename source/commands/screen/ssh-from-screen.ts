import { Failure } from '../../contract/failure.ts';
import { safeText } from '../../monitor/fit.ts';
import type { MessageKind } from '../../monitor/state.ts';
import { runOnTerminal, type SshLaunch, type TerminalExit } from '../../ssh/launch.ts';
import type { Suspend } from '../../ui/commands.ts';
import { agentWords, prepareNodeSsh } from '../node-ssh.ts';
import { anyKey } from './any-key.ts';
import { openWindow } from './new-window.ts';
import type { ScreenContext } from './screen-commands.ts';

/** Exit code with which ssh tells errors of its own; commands can use it too (ssh(1)). */
const sshFailed = 255;

/**
 * Opens a shell on a node in place of the screen, and comes back when it ends.
 * @throws Failure when the node can not be entered, before the screen has gone.
 */
export const sshFromScreen = async (
	context: ScreenContext,
	node: number,
	suspend: Suspend,
	tell: (text: string, kind?: MessageKind) => void,
): Promise<void> => {
	const { job, edges, end, config } = context;
	const { stdin, stdout, env } = edges;
	const [launch, agent] = await Promise.all([
		prepareFromScreen(context, node),
		agentWords(config.forward_agent, env),
	]);
	let exit: TerminalExit | undefined;
	await suspend(async () => {
		stdout.write(pushTitle(titleOf(context, node)));
		stdout.write(`signalbox: ssh to node ${node} of job ${job.id}; exit brings the screen back\n`);
		stdout.write(`signalbox: ${agent.text}\n`);
		exit = await runOnTerminal(launch, end.signal);
		if (exit.exitCode === sshFailed && !end.signal.aborted) {
			stdout.write('signalbox: ssh failed; press any key to go back to the screen ');
			await anyKey(stdin, end.signal);
		}
		stdout.write(popTitle);
	});
	if (exit) tell(...outcome(node, exit));
};

/** Opens a shell on a node in a window of its own. @throws Failure */
export const sshInWindow = async (context: ScreenContext, node: number): Promise<void> =>
	openWindow(titleOf(context, node), await prepareFromScreen(context, node));

const prepareFromScreen = async (
	{ connection, job, monitor, edges: { env }, config }: ScreenContext,
	node: number,
): Promise<SshLaunch> => {
	const session = monitor.getState().snapshot?.sessions.find((each) => each.node === node);
	if (!session) throw new Failure('not_found', `There is no node ${node}.`);
	return prepareNodeSsh({ connection, job, session, env, forwardAgent: config.forward_agent });
};

/** The mark that stays in sight while a shell is open: in the title, which no output scrolls away. */
const titleOf = ({ job, monitor }: ScreenContext, node: number): string => {
	const { agent } = monitor.getState();
	const goesAlong = agent?.kind === 'forwarded' && (agent.keys ?? 0) > 0;
	return safeText(`${job.id}:${node}${goesAlong ? ' ⇄ agent' : ''}`);
};

/** XTWINOPS (xterm's ctlseqs): the terminal keeps the title that is there, and shows another one. */
const pushTitle = (title: string): string => `\x1b[22;2t\x1b]2;${title}\x07`;
const popTitle = '\x1b[23;2t';

const outcome = (node: number, { exitCode, signal }: TerminalExit): [string, MessageKind] => {
	if (signal !== null) return [`ssh to node ${node} was ended by ${signal}`, 'warn'];
	if (exitCode === sshFailed) return [`ssh to node ${node} failed or lost its connection`, 'error'];
	if (exitCode === 0) return [`ssh to node ${node} ended`, 'info'];
	return [`ssh to node ${node} ended with exit code ${exitCode}`, 'info'];
};
