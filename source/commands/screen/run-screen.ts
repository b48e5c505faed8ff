import { messageOf } from '../../contract/failure.ts';
import { hasEnded } from '../../contract/status.ts';
import type { TrainingJob } from '../../contract/training-job.ts';
import { createMonitor } from '../../monitor/monitor.ts';
import { initialState } from '../../monitor/state.ts';
import { hasColours, renderApp } from '../../ui/render-app.tsx';
import type { Config } from '../config.ts';
import type { Connection } from '../connection.ts';
import type { CommandEdges } from '../edges.ts';
import { watchAgent } from './agent-on-screen.ts';
import { watchForEnd } from './end-of-screen.ts';
import { createCommands } from './screen-commands.ts';
import { openFeeds } from './screen-feeds.ts';

export type ScreenOptions = {
	readonly connection: Connection;
	readonly job: TrainingJob;
	/** Flags with which another signalbox reaches the same server. */
	readonly enterFlags: string;
	/** False draws without colours whatever the terminal can do. */
	readonly colour: boolean | undefined;
	readonly config: Config;
};

/**
 * Shows the screen until the user quits, a signal comes, or something breaks; the terminal is
 * restored in each case.
 * @returns 0 after a quit, 128 + n after signal n
 * @throws what broke, with the terminal already restored
 */
export const runScreen = async (
	{ connection, job, enterFlags, colour, config }: ScreenOptions,
	edges: CommandEdges,
): Promise<number> => {
	const { stdin, stdout, stderr, now, env } = edges;
	const monitor = createMonitor(
		initialState({ job: job.id, enterFlags, columns: stdout.columns, rows: stdout.rows }),
	);
	const end = watchForEnd();
	const feeds = openFeeds({ connection, job, monitor, now });
	const agent = watchAgent(monitor, config.forward_agent, env);
	const instance = renderApp({
		monitor,
		commands: createCommands({ connection, job, monitor, edges, end, agent, config }),
		now,
		stdin,
		stdout,
		stderr,
		hasColour: colour !== false && hasColours(stdout),
	});
	// What React could not draw ends the screen from within.
	instance.waitUntilExit().then(() => end.quit(), end.crash);
	try {
		return await end.reached;
	} finally {
		feeds.close();
		agent.close();
		instance.unmount();
		await instance.waitUntilExit().catch(messageOf);
		end.close();
		const status = monitor.getState().snapshot?.job.current_status ?? job.current_status;
		if (!hasEnded(status) && !connection.isEmbedded) {
			stderr.write(`job ${job.id} goes on: signalbox ${job.id} brings the screen back\n`);
		}
	}
};
