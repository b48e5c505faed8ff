import { render } from 'ink';
import type { ReactElement } from 'react';
import { App, type AppProperties } from './App.tsx';
import type { TerminalOutput } from './terminal-output.ts';

type Options = AppProperties & {
	readonly output: TerminalOutput;
	readonly stderr?: NodeJS.WriteStream;
};

/** What belongs to one job. */
type Shown = Pick<AppProperties, 'monitor' | 'commands'>;

/** Whether a stream shows colours: Node's rules, which honour NO_COLOR and FORCE_COLOR. */
export const hasColours = (stdout: Pick<NodeJS.WriteStream, 'getColorDepth'>): boolean =>
	stdout.getColorDepth() > 1;

/** A screen that is drawn. */
export type Drawn = {
	/** Draws another job in place of the one before. */
	show(shown: Shown): void;
	/** Resolves when the screen has ended by itself, rejects with what could not be drawn. */
	ended(): Promise<unknown>;
	/** Ends the screen, and resolves when the terminal is what it was. */
	close(): Promise<void>;
};

/**
 * Draws the screen on the terminal's alternate screen until it is closed. ctrl-c is a key like
 * any other here: it calls `commands.quit`.
 */
export const renderApp = ({
	stderr = process.stderr,
	hasColour = true,
	...properties
}: Options): Drawn => {
	const { output } = properties;
	const appOf = (shown: Shown): ReactElement => (
		<App key={shown.monitor.getState().job} {...properties} {...shown} hasColour={hasColour} />
	);
	const instance = render(appOf(properties), {
		stdin: output.stdin,
		stdout: output.stdout,
		stderr,
		alternateScreen: true,
		// Each frame as a whole: the output knows best what of it the terminal shows already.
		debug: true,
		exitOnCtrlC: false,
		patchConsole: false,
		interactive: true,
	});
	return {
		show: (shown) => instance.rerender(appOf(shown)),
		ended: () => instance.waitUntilExit(),
		async close() {
			await output.end();
			instance.unmount();
			// What broke the screen is told by `ended`.
			await instance.waitUntilExit().catch(() => {});
			output.close();
		},
	};
};
