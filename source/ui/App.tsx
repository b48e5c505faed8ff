import { useApp, useInput, usePaste, useStdin, useStdout, useWindowSize } from 'ink';
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo } from 'react';
import { messageOf } from '../contract/failure.ts';
import { type KeyBinding, keyTable } from '../monitor/keys.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Commands, Suspend } from './commands.ts';
import type { Controls } from './controls.ts';
import { keyNames } from './key-names.ts';
import { pressKey } from './perform.ts';
import { Screen } from './Screen.tsx';
import { SurfaceContext } from './surface.ts';
import { createSuspend } from './suspend.ts';
import type { TerminalOutput } from './terminal-output.ts';
import { ColourContext } from './theme.ts';
import { useLogRequests } from './use-log-requests.ts';
import { useMonitor } from './use-monitor.ts';
import { useSecond } from './use-second.ts';

export type AppProperties = {
	readonly monitor: Monitor;
	readonly commands: Commands;
	readonly keys?: readonly KeyBinding[];
	readonly hasColour?: boolean;
	/** Ms of this machine's clock. */
	readonly now?: () => number;
	/** What paints the screen; without it Ink does. */
	readonly output?: TerminalOutput;
};

/** The screen with its keys. It shows the monitor's state and calls commands; it fetches nothing. */
export const App = ({
	monitor,
	commands,
	keys = keyTable,
	hasColour = true,
	now = Date.now,
	output,
}: AppProperties): ReactNode => {
	const [state, drawNow] = useMonitor(monitor, output);
	useSize(monitor);
	useSecond(
		now,
		useCallback((at: number) => monitor.dispatch({ type: 'tick', now: at }), [monitor]),
	);
	useKeys({ monitor, commands, keys, now, output, drawNow });

	const { alert } = state;
	useEffect(() => {
		if (alert !== null) commands.notify(alert.text);
	}, [alert, commands]);

	useMetrics({ monitor, commands, now }, state.overlay?.kind === 'metrics');

	useLogRequests(monitor, commands);

	const { hasMouse } = state;
	useEffect(() => {
		if (!hasMouse) return;
		commands.setMouse(true);
		return () => commands.setMouse(false);
	}, [hasMouse, commands]);

	return (
		<ColourContext value={hasColour}>
			<SurfaceContext value={output?.surface ?? null}>
				<Screen state={state} now={now()} keys={keys} />
			</SurfaceContext>
		</ColourContext>
	);
};

/** Ms between two looks at what the nodes use, while it is shown. */
const metricsEveryMs = 5_000;

const useMetrics = (
	{ monitor, commands, now }: Pick<Controls, 'monitor' | 'commands' | 'now'>,
	isShown: boolean,
): void => {
	useEffect(() => {
		if (!isShown) return;
		const look = (): void => {
			commands.metrics().then(
				(reply) => monitor.dispatch({ type: 'metrics', reply }),
				(error: unknown) => {
					const text = messageOf(error);
					monitor.dispatch({ type: 'message', kind: 'error', text, at: now() });
				},
			);
		};
		look();
		const timer = setInterval(look, metricsEveryMs);
		return () => clearInterval(timer);
	}, [monitor, commands, now, isShown]);
};

/** Keeps the state's size that of the terminal. */
const useSize = (monitor: Monitor): void => {
	const { columns, rows } = useWindowSize();
	useLayoutEffect(() => {
		const state = monitor.getState();
		if (state.columns === columns && state.rows === rows) return;
		monitor.dispatch({ type: 'resize', columns, rows });
	}, [monitor, columns, rows]);
};

type KeyProperties = Omit<Controls, 'suspend'> & {
	readonly output: TerminalOutput | undefined;
	readonly drawNow: () => void;
};

const useKeys = ({ monitor, commands, keys, now, output, drawNow }: KeyProperties): void => {
	const { suspendTerminal } = useApp();
	const { stdin } = useStdin();
	const { stdout } = useStdout();
	const controls = useMemo<Controls>(() => {
		const settle = output?.settle;
		const handOver = createSuspend({ suspendTerminal, stdin, stdout, settle });
		// What had the terminal has reset the mouse with all other modes.
		const suspend: Suspend = (work) =>
			handOver(work).finally(() => {
				if (monitor.getState().hasMouse) commands.setMouse(true);
			});
		return { monitor, commands, keys, now, suspend };
	}, [monitor, commands, keys, now, suspendTerminal, stdin, stdout, output]);
	const answerNow = (): void => {
		output?.hurry();
		drawNow();
	};
	useInput((input, key) => {
		for (const name of keyNames(input, key)) pressKey(controls, name);
		answerNow();
	});
	// Pasted text is no command: it goes into an open prompt, or nowhere.
	usePaste((text) => {
		monitor.dispatch({ type: 'type', text: text.trim() });
		answerNow();
	});
};
