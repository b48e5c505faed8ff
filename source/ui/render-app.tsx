import { type Instance, render } from 'ink';
import { App, type AppProperties } from './App.tsx';

/** Ink's limit is twice that of the drawing clock, so that it never delays a drawing. */
const inkFps = 60;

type Streams = {
	readonly stdin?: NodeJS.ReadStream;
	readonly stdout?: NodeJS.WriteStream;
	readonly stderr?: NodeJS.WriteStream;
};

/** Whether a stream shows colours: Node's rules, which honour NO_COLOR and FORCE_COLOR. */
export const hasColours = (stdout: Pick<NodeJS.WriteStream, 'getColorDepth'>): boolean =>
	stdout.getColorDepth() > 1;

/**
 * Draws the screen on the terminal's alternate screen until it is unmounted. ctrl-c is a key like
 * any other here: it calls `commands.quit`.
 */
export const renderApp = ({
	stdin = process.stdin,
	stdout = process.stdout,
	stderr = process.stderr,
	hasColour = hasColours(stdout),
	...properties
}: AppProperties & Streams): Instance =>
	render(<App {...properties} hasColour={hasColour} />, {
		stdin,
		stdout,
		stderr,
		alternateScreen: true,
		incrementalRendering: true,
		maxFps: inkFps,
		exitOnCtrlC: false,
		patchConsole: false,
		interactive: true,
	});
