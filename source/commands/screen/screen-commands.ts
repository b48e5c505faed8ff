import { Failure } from '../../contract/failure.ts';
import type { NodeSession, PatchSession } from '../../contract/session.ts';
import type { TrainingJob } from '../../contract/training-job.ts';
import { editorTargetOf } from '../../monitor/editor.ts';
import type { Monitor } from '../../monitor/monitor.ts';
import type { MessageKind } from '../../monitor/state.ts';
import type { Commands } from '../../ui/commands.ts';
import type { Config } from '../config.ts';
import type { Connection } from '../connection.ts';
import type { CommandEdges } from '../edges.ts';
import { changeSession, isOpen, type SessionChange } from '../session-changes.ts';
import { type AgentOnScreen, addKeysFromScreen } from './agent-on-screen.ts';
import { copyByProgram, copyToClipboard, notifyUser } from './clipboard.ts';
import type { EndOfScreen } from './end-of-screen.ts';
import { expiryText } from './expiry-text.ts';
import { createLogCommands } from './log-commands.ts';
import { openEditor } from './open-editor.ts';
import { openInBrowser } from './open-in-browser.ts';
import { sshFromScreen, sshInWindow } from './ssh-from-screen.ts';

/** Ms of metrics that are shown. */
const metricsWindowMs = 10 * 60_000;

export type ScreenContext = {
	readonly connection: Connection;
	readonly job: TrainingJob;
	readonly monitor: Monitor;
	readonly edges: CommandEdges;
	/** The terminal while the screen is on it. */
	readonly output: Pick<CommandEdges, 'stdout'>;
	readonly end: EndOfScreen;
	readonly agent: AgentOnScreen;
	readonly config: Config;
	readonly showJob: (job: TrainingJob) => void;
};

/** What the keys of the screen set off. */
export const createCommands = (context: ScreenContext): Commands => {
	const { connection, job, monitor, edges, output, end, agent, config } = context;
	const { editor } = config;
	const { api } = connection;
	const { training_project_id: project } = job;

	const tell = (text: string, kind: MessageKind = 'info'): void =>
		monitor.dispatch({ type: 'message', kind, text, at: edges.now() });
	const sessions = (): readonly NodeSession[] => monitor.getState().snapshot?.sessions ?? [];
	const change = (chosen: readonly NodeSession[], patch: PatchSession): Promise<SessionChange[]> =>
		Promise.all(chosen.map((session) => changeSession(connection, job, session, patch)));
	const ofNode = (node: number): NodeSession[] =>
		sessions().filter((session) => session.node === node);

	return {
		extend: async (node, minutes) => {
			const chosen = node === 'all' ? sessions().filter(isOpen) : ofNode(node);
			const changes = await change(chosen, { timeout_minutes: minutes });
			const { clockOffset } = monitor.getState();
			const done = changes.flatMap(({ reply, node: rank }) =>
				reply === null
					? []
					: [`node ${rank} ${expiryText(reply.interactive_session, edges.now() + clockOffset)}`],
			);
			refuseFailures(changes, done);
			tell(`+${minutes} min: ${done.join(', ')}`);
		},
		changeTrigger: async (node, trigger) => {
			refuseFailures(await change(ofNode(node), { trigger }), []);
			tell(`trigger of node ${node} is now ${trigger}`);
		},
		stopJob: async () => {
			await api.stopJob(project, job.id);
			tell(`job ${job.id} is being stopped`);
		},
		metrics: () => {
			const from = edges.now() + monitor.getState().clockOffset - metricsWindowMs;
			return api.metrics(project, job.id, { start_epoch_millis: Math.round(from) });
		},
		listJobs: () => api.listJobs(),
		showJob: context.showJob,
		ssh: async (node, suspend) => {
			await sshFromScreen(context, node, suspend, tell);
			await agent.look();
		},
		sshInWindow: async (node) => {
			await sshInWindow(context, node);
			tell(`ssh to node ${node} is in a window of its own`);
		},
		addKeys: async (suspend) => {
			tell(await addKeysFromScreen({ suspend, abort: end.signal }, edges));
			await agent.look();
		},
		openUrl: async (url) => {
			await openInBrowser(url, edges.env);
			tell(`opened ${url}`);
		},
		openEditor: async (session) => {
			const target = editorTargetOf(session);
			if (target !== null) tell(await openEditor(target, editor, edges.env));
		},
		copy: async (text, label = text) => {
			copyToClipboard(text, output);
			copyByProgram(text, edges.env);
			tell(`copied ${label}`);
		},
		...createLogCommands(context, tell),
		notify: (text) => notifyUser(text, { stdout: output.stdout, env: edges.env }),
		quit: end.quit,
	};
};

/** @throws Failure that says node by node what was not changed, and what was. */
const refuseFailures = (changes: readonly SessionChange[], done: readonly string[]): void => {
	const failed = changes.filter(({ error }) => error !== null);
	const [first] = failed;
	if (!first) return;
	const errors = failed.map(({ node, error }) =>
		changes.length === 1 ? (error ?? '') : `node ${node}: ${error}`,
	);
	throw new Failure(first.kind ?? 'failed', [...errors, ...done].join(' '));
};
