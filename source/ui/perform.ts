import { type NodeSession, sessionTriggers } from '../contract/session.ts';
import { editorTargetOf } from '../monitor/editor.ts';
import { chosenJob } from '../monitor/job-picker.ts';
import { type CommandId, commandFor } from '../monitor/keys.ts';
import { parseMinutes } from '../monitor/minutes.ts';
import { copyTextOf, sessionOf } from '../monitor/session-rows.ts';
import type { Overlay } from '../monitor/state.ts';
import { triggerChoices } from '../monitor/triggers.ts';
import { type Controls, open, run, warn } from './controls.ts';
import { logActions } from './perform-log.ts';

/** Why nothing can be done with a session, null when something can. */
const refusalOf = (session: NodeSession | null): string | null => {
	if (session === null) return 'no node is known yet';
	if (session.session_id === null) return 'the job was created without interactive sessions';
	if (session.state === 'expired' || session.state === 'ended') {
		return `the session of node ${session.node} has ${session.state === 'ended' ? 'ended' : 'expired'}`;
	}
	return null;
};

/** Calls `act` with the selected node's session, or says why it can not be acted on. */
const withSession = (controls: Controls, act: (session: NodeSession) => void): void => {
	const state = controls.monitor.getState();
	const session = sessionOf(state, state.selected);
	const refusal = refusalOf(session);
	if (session === null || refusal !== null) warn(controls, refusal ?? '');
	else act(session);
};

/** Calls `act` with the selected node's rank when ssh can enter it. */
const withSshNode = (controls: Controls, act: (node: number) => void): void =>
	withSession(controls, ({ node, ssh_host: host, provider }) => {
		if (host === null) {
			warn(controls, `node ${node} has a ${provider ?? 'tunnel'} session: v opens the editor`);
			return;
		}
		act(node);
	});

const ssh = (controls: Controls): void =>
	withSshNode(controls, (node) => {
		const { commands, suspend } = controls;
		void run(controls, `ssh to node ${node}`, () => commands.ssh(node, suspend));
	});

const sshInWindow = (controls: Controls): void =>
	withSshNode(controls, (node) => {
		const work = (): Promise<void> => controls.commands.sshInWindow(node);
		void run(controls, `opening a window on node ${node}`, work);
	});

const addKeys = (controls: Controls): void => {
	const { commands, suspend } = controls;
	void run(controls, 'adding keys', () => commands.addKeys(suspend));
};

const openUrl = (controls: Controls): void =>
	withSession(controls, ({ node, auth_url: url }) => {
		if (url === null || url === '') warn(controls, `node ${node} has no login page to open`);
		else void run(controls, `opening ${url}`, () => controls.commands.openUrl(url));
	});

const openEditor = (controls: Controls): void =>
	withSession(controls, (session) => {
		const { node } = session;
		if (editorTargetOf(session) === null) {
			warn(controls, `node ${node} waits for a login: c copies the code, o opens the page`);
			return;
		}
		void run(controls, 'opening the editor', () => controls.commands.openEditor(session));
	});

const copy = (controls: Controls): void =>
	withSession(controls, (session) => {
		const text = copyTextOf(controls.monitor.getState(), session);
		if (text === null) warn(controls, `node ${session.node} has nothing to copy yet`);
		else void run(controls, 'copying', () => controls.commands.copy(text));
	});

const openTrigger = (controls: Controls): void =>
	withSession(controls, (session) => {
		// The cursor starts on what is now: on_startup, for one, could not be taken back.
		const choice = sessionTriggers.find((trigger) => trigger === session.trigger) ?? 'on_demand';
		open(controls, { kind: 'trigger', node: session.node, choice });
	});

const openExtendAll = (controls: Controls): void => {
	const sessions = controls.monitor.getState().snapshot?.sessions ?? [];
	if (sessions.some((session) => refusalOf(session) === null)) {
		open(controls, { kind: 'extend', target: 'all', text: '', error: null });
	} else warn(controls, 'there is no session that could be extended');
};

const filter = (controls: Controls, node: number): void => {
	const { snapshot } = controls.monitor.getState();
	const isKnown = snapshot?.sessions.some((session) => session.node === node) ?? false;
	if (isKnown) controls.monitor.dispatch({ type: 'filter', node });
	else warn(controls, `there is no node ${node}`);
};

const submitExtend = (controls: Controls): void => {
	const { monitor, commands } = controls;
	const { overlay } = monitor.getState();
	if (overlay?.kind !== 'extend') return;
	const { target, text } = overlay;
	const parsed = parseMinutes(text);
	if ('error' in parsed) {
		monitor.dispatch({ type: 'refuse', error: parsed.error });
		return;
	}
	monitor.dispatch({ type: 'close' });
	const name = target === 'all' ? 'all nodes' : `node ${target}`;
	const label = `extending ${name} by ${parsed.minutes} min`;
	void run(controls, label, () => commands.extend(target, parsed.minutes));
};

const submitTrigger = (controls: Controls): void => {
	const { monitor, commands } = controls;
	const state = monitor.getState();
	const { overlay } = state;
	const session = overlay?.kind === 'trigger' ? sessionOf(state, overlay.node) : null;
	if (overlay?.kind !== 'trigger' || session === null) return;
	const { choice, node } = overlay;
	const refusal =
		triggerChoices(session).find(({ trigger }) => trigger === choice)?.refusal ?? null;
	if (refusal !== null) {
		warn(controls, `${choice}: ${refusal}`);
		return;
	}
	monitor.dispatch({ type: 'close' });
	const label = `changing the trigger of node ${node} to ${choice}`;
	void run(controls, label, () => commands.changeTrigger(node, choice));
};

const openJobs = (controls: Controls): void => {
	const { monitor, commands } = controls;
	open(controls, { kind: 'jobs', text: '', choice: 0, jobs: null });
	void run(controls, 'looking for jobs', async () => {
		monitor.dispatch({ type: 'jobs', jobs: await commands.listJobs() });
	});
};

const submitJob = (controls: Controls): void => {
	const { monitor, commands } = controls;
	const { overlay } = monitor.getState();
	const job = overlay?.kind === 'jobs' ? chosenJob(overlay) : null;
	if (job === null) return;
	monitor.dispatch({ type: 'close' });
	commands.showJob(job);
};

const submitStop = (controls: Controls): void => {
	controls.monitor.dispatch({ type: 'close' });
	void run(controls, 'stopping the job', controls.commands.stopJob);
};

/** What each command does. `key` is the key that called it. */
const actions: Readonly<Record<CommandId, (controls: Controls, key: string) => void>> = {
	extend: (controls) =>
		withSession(controls, ({ node }) =>
			open(controls, { kind: 'extend', target: node, text: '', error: null }),
		),
	'extend-all': openExtendAll,
	trigger: openTrigger,
	ssh,
	'ssh-window': sshInWindow,
	'add-keys': addKeys,
	'open-url': openUrl,
	editor: openEditor,
	copy,
	'select-previous': ({ monitor }) => monitor.dispatch({ type: 'select', by: -1 }),
	'select-next': ({ monitor }) => monitor.dispatch({ type: 'select', by: 1 }),
	stop: (controls) => open(controls, { kind: 'stop' }),
	follow: ({ monitor }) => monitor.dispatch({ type: 'toggle-follow' }),
	'line-up': ({ monitor }) => monitor.dispatch({ type: 'scroll', rows: -1 }),
	'line-down': ({ monitor }) => monitor.dispatch({ type: 'scroll', rows: 1 }),
	'half-up': ({ monitor }) => monitor.dispatch({ type: 'scroll-screens', screens: -0.5 }),
	'half-down': ({ monitor }) => monitor.dispatch({ type: 'scroll-screens', screens: 0.5 }),
	'page-up': ({ monitor }) => monitor.dispatch({ type: 'scroll-screens', screens: -1 }),
	'page-down': ({ monitor }) => monitor.dispatch({ type: 'scroll-screens', screens: 1 }),
	top: ({ monitor }) => monitor.dispatch({ type: 'top' }),
	bottom: ({ monitor }) => monitor.dispatch({ type: 'bottom' }),
	node: (controls, key) => filter(controls, Number(key)),
	'all-nodes': ({ monitor }) => monitor.dispatch({ type: 'filter', node: null }),
	wrap: ({ monitor }) => monitor.dispatch({ type: 'toggle-wrap' }),
	timestamps: ({ monitor }) => monitor.dispatch({ type: 'toggle-timestamps' }),
	metrics: (controls) => open(controls, { kind: 'metrics', reply: null }),
	'metrics-close': ({ monitor }) => monitor.dispatch({ type: 'close' }),
	jobs: openJobs,
	help: (controls) => open(controls, { kind: 'help', page: 0 }),
	dismiss: ({ monitor }) => {
		const { message } = monitor.getState();
		monitor.dispatch({ type: message === null ? 'end-search' : 'close' });
	},
	...logActions,
	quit: ({ commands }) => commands.quit(),
	'help-next': (controls) => {
		const { overlay } = controls.monitor.getState();
		if (overlay?.kind === 'help') open(controls, { ...overlay, page: overlay.page + 1 });
	},
	'help-close': ({ monitor }) => monitor.dispatch({ type: 'close' }),
	'extend-submit': submitExtend,
	'extend-erase': ({ monitor }) => monitor.dispatch({ type: 'erase' }),
	'extend-close': ({ monitor }) => monitor.dispatch({ type: 'close' }),
	'trigger-previous': ({ monitor }) => monitor.dispatch({ type: 'choose', by: -1 }),
	'trigger-next': ({ monitor }) => monitor.dispatch({ type: 'choose', by: 1 }),
	'trigger-submit': submitTrigger,
	'trigger-close': ({ monitor }) => monitor.dispatch({ type: 'close' }),
	'jobs-previous': ({ monitor }) => monitor.dispatch({ type: 'choose', by: -1 }),
	'jobs-next': ({ monitor }) => monitor.dispatch({ type: 'choose', by: 1 }),
	'jobs-submit': submitJob,
	'jobs-erase': ({ monitor }) => monitor.dispatch({ type: 'erase' }),
	'jobs-close': ({ monitor }) => monitor.dispatch({ type: 'close' }),
	'stop-submit': submitStop,
	'stop-close': ({ monitor }) => monitor.dispatch({ type: 'close' }),
};

/** What lies over the screen and takes text. */
const typed: readonly Overlay['kind'][] = ['extend', 'jobs', 'pattern', 'goto', 'save'];

/** Does what a key (by its name) means where the user is; other keys type into an open prompt. */
export const pressKey = (controls: Controls, key: string): void => {
	const { monitor, keys } = controls;
	const { overlay } = monitor.getState();
	const command = commandFor(key, overlay?.kind ?? 'screen', keys);
	if (command !== null) actions[command](controls, key);
	else if (overlay !== null && typed.includes(overlay.kind)) {
		const text = key === 'space' ? ' ' : key;
		if (Array.from(text).length === 1) monitor.dispatch({ type: 'type', text });
	}
};
