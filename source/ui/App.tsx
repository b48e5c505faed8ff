import { useApp, useInput, usePaste, useStdin, useStdout, useWindowSize } from 'ink';
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo } from 'react';
import { messageOf } from '../contract/failure.ts';
import { type KeyBinding, keyTable } from '../monitor/keys.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Commands } from './commands.ts';
import type { Controls } from './controls.ts';
import { keyNames } from './key-names.ts';
import { pressKey } from './perform.ts';
import { Screen } from './Screen.tsx';
import { createSuspend } from './suspend.ts';
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
};

/** The screen with its keys. It shows the monitor's state and calls commands; it fetches nothing. */
export const App = ({
	monitor,
	commands,
	keys = keyTable,
	hasColour = true,
	now = Date.now,
}: AppProperties): ReactNode => {
	const state = useMonitor(monitor);
	useSize(monitor);
	useSecond(
		now,
		useCallback((at: number) => monitor.dispatch({ type: 'tick', now: at }), [monitor]),
	);
	useKeys({ monitor, commands, keys, now });

	const { alert } = state;
	useEffect(() => {
		if (alert !== null) commands.notify(alert.text);
	}, [alert, commands]);

	useMetrics({ monitor, commands, now }, state.overlay?.kind === 'metrics');

	useLogRequests(monitor, commands);

	return (
		<ColourContext value={hasColour}>
			<Screen state={state} now={now()} keys={keys} />
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

const useKeys = ({ monitor, commands, keys, now }: Omit<Controls, 'suspend'>): void => {
	const { suspendTerminal } = useApp();
	const { stdin } = useStdin();
	const { stdout } = useStdout();
	const controls = useMemo<Controls>(() => {
		const suspend = createSuspend({ suspendTerminal, stdin, stdout });
		return { monitor, commands, keys, now, suspend };
	}, [monitor, commands, keys, now, suspendTerminal, stdin, stdout]);
	useInput((input, key) => {
		for (const name of keyNames(input, key)) pressKey(controls, name);
	});
	// Pasted text is no command: it goes into an open prompt, or nowhere.
	usePaste((text) => {
		monitor.dispatch({ type: 'type', text: text.trim() });
	});
};
