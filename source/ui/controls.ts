import { messageOf } from '../contract/failure.ts';
import type { KeyBinding } from '../monitor/keys.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Overlay } from '../monitor/state.ts';
import type { Commands, Suspend } from './commands.ts';

/** What the keys work with. `now`: ms of this machine's clock. */
export type Controls = {
	readonly monitor: Monitor;
	readonly commands: Commands;
	readonly suspend: Suspend;
	readonly keys: readonly KeyBinding[];
	readonly now: () => number;
};

let lastTask = 0;

/** Runs a command with a spinner; what it throws becomes the message. */
export const run = async (
	{ monitor, now }: Controls,
	label: string,
	work: () => Promise<void>,
): Promise<void> => {
	const id = ++lastTask;
	monitor.dispatch({ type: 'task-started', id, label });
	try {
		await work();
	} catch (error) {
		monitor.dispatch({ type: 'message', kind: 'error', text: messageOf(error), at: now() });
	} finally {
		monitor.dispatch({ type: 'task-settled', id });
	}
};

export const warn = ({ monitor, now }: Controls, text: string): void => {
	monitor.dispatch({ type: 'message', kind: 'warn', text, at: now() });
};

export const open = ({ monitor }: Controls, overlay: Overlay): void => {
	monitor.dispatch({ type: 'open', overlay });
};
