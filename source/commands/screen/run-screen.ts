import { hasEnded } from '../../contract/status.ts';
import type { TrainingJob } from '../../contract/training-job.ts';
import { createMonitor, type Monitor } from '../../monitor/monitor.ts';
import { initialState } from '../../monitor/state.ts';
import type { Commands } from '../../ui/commands.ts';
import { hasColours, renderApp } from '../../ui/render-app.tsx';
import { openTerminalOutput } from '../../ui/terminal-output.ts';
import { withWheel } from '../../ui/wheel.ts';
import { type Config, ringLimitsOf } from '../config.ts';
import type { Connection } from '../connection.ts';
import type { CommandEdges } from '../edges.ts';
import { watchAgent } from './agent-on-screen.ts';
import { boundHeap } from './bound-heap.ts';
import { watchForEnd } from './end-of-screen.ts';
import { createCommands } from './screen-commands.ts';
import { openFeeds } from './screen-feeds.ts';
import { createTerminalWriter, standardOutput } from './terminal-writer.ts';

export type ScreenOptions = {
	readonly connection: Connection;
	readonly job: TrainingJob;
	/** Flags with which another signalbox reaches the same server. */
	readonly enterFlags: string;
	/** False draws without colours whatever the terminal can do. */
	readonly colour: boolean | undefined;
	readonly config: Config;
	/** Whether to offer other jobs at once. */
	readonly isChoice?: boolean;
};

/** A job on the screen, or one that was and may come back. */
type Shown = {
	readonly job: TrainingJob;
	readonly monitor: Monitor;
	readonly commands: Commands;
	close(): void;
};

/**
 * Shows the screen until the user quits, a signal comes, or something breaks; the terminal is
 * restored in each case.
 * @returns 0 after a quit, 128 + n after signal n
 * @throws what broke, with the terminal already restored
 */
export const runScreen = async (
	{ connection, job, enterFlags, colour, config, isChoice = false }: ScreenOptions,
	edges: CommandEdges,
): Promise<number> => {
	const { stdin, stdout, stderr, now, env } = edges;
	const end = watchForEnd();
	const output = openTerminalOutput({
		stdin: withWheel(stdin, (rows) => current.monitor.dispatch({ type: 'scroll', rows })),
		stdout,
		writer: createTerminalWriter(standardOutput),
	});
	const heap = boundHeap();
	const monitors = new Map<string, Monitor>();
	const open = (shown: TrainingJob): Shown => {
		const { columns, rows } = stdout;
		const monitor =
			monitors.get(shown.id) ??
			createMonitor(
				initialState({
					...{ job: shown.id, enterFlags, columns, rows },
					limits: ringLimitsOf(config),
					hasMouse: config.mouse,
				}),
			);
		monitors.set(shown.id, monitor);
		const feeds = openFeeds({ connection, job: shown, monitor, now });
		const agent = watchAgent(monitor, config.forward_agent, env);
		const commands = createCommands({
			...{ connection, job: shown, monitor, edges, output, end, agent, config },
			showJob: (next) => {
				if (next.id !== shown.id) show(next);
			},
		});
		const close = (): void => {
			feeds.close();
			agent.close();
		};
		return { job: shown, monitor, commands, close };
	};
	let current = open(job);
	const screen = renderApp({
		...current,
		now,
		output,
		stderr,
		hasColour: colour !== false && hasColours(stdout),
	});
	const show = (next: TrainingJob): void => {
		current.close();
		current = open(next);
		screen.show(current);
	};
	if (isChoice) offerJobs(current);
	// What React could not draw ends the screen from within.
	screen.ended().then(() => end.quit(), end.crash);
	try {
		return await end.reached;
	} finally {
		current.close();
		await screen.close();
		end.close();
		heap.close();
		const { id, current_status: before } = current.job;
		const status = current.monitor.getState().snapshot?.job.current_status ?? before;
		if (!hasEnded(status) && !connection.isEmbedded) {
			stderr.write(`job ${id} goes on: signalbox ${id} brings the screen back\n`);
		}
	}
};

const offerJobs = ({ monitor, commands }: Shown): void => {
	monitor.dispatch({ type: 'open', overlay: { kind: 'jobs', text: '', choice: 0, jobs: null } });
	commands.listJobs().then(
		(jobs) => monitor.dispatch({ type: 'jobs', jobs }),
		// The screen is there all the same; J tries again and says what is wrong.
		() => monitor.dispatch({ type: 'close' }),
	);
};
