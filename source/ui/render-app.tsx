import { type Instance, render } from 'ink';
import type { ReactElement } from 'react';
import { App, type AppProperties } from './App.tsx';
import { steadyTerminal } from './steady-columns.ts';

/** Ink's limit is twice that of the drawing clock, so that it never delays a drawing. */
const inkFps = 60;

type Streams = {
	readonly stdin?: NodeJS.ReadStream;
	readonly stdout?: NodeJS.WriteStream;
	readonly stderr?: NodeJS.WriteStream;
};

/** What belongs to one job. */
type Shown = Pick<AppProperties, 'monitor' | 'commands'>;

/** Whether a stream shows colours: Node's rules, which honour NO_COLOR and FORCE_COLOR. */
export const hasColours = (stdout: Pick<NodeJS.WriteStream, 'getColorDepth'>): boolean =>
	stdout.getColorDepth() > 1;

/**
 * Draws the screen on the terminal's alternate screen until it is unmounted. ctrl-c is a key like
 * any other here: it calls `commands.quit`. `show` draws another job in its place.
 */
export const renderApp = ({
	stdin = process.stdin,
	stdout = process.stdout,
	stderr = process.stderr,
	hasColour = hasColours(stdout),
	...properties
}: AppProperties & Streams): Instance & { show(shown: Shown): void } => {
	const appOf = (shown: Shown): ReactElement => (
		<App key={shown.monitor.getState().job} {...properties} {...shown} hasColour={hasColour} />
	);
	const instance = render(appOf(properties), {
		stdin,
		stdout: steadyTerminal(stdout),
		stderr,
		alternateScreen: true,
		incrementalRendering: true,
		maxFps: inkFps,
		exitOnCtrlC: false,
		patchConsole: false,
		interactive: true,
	});
	return { ...instance, show: (shown) => instance.rerender(appOf(shown)) };
};
