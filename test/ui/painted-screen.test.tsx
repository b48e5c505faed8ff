import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { render } from 'ink';
import { describe, expect, test, vi } from 'vitest';
import type { Action } from '../../source/monitor/actions.ts';
import { keyTable } from '../../source/monitor/keys.ts';
import { createMonitor, type Monitor } from '../../source/monitor/monitor.ts';
import { initialState } from '../../source/monitor/state.ts';
import type { Commands } from '../../source/ui/commands.ts';
import { type Drawn, renderApp } from '../../source/ui/render-app.tsx';
import { Screen } from '../../source/ui/Screen.tsx';
import { ColourContext } from '../../source/ui/theme.ts';
import { now, record, session, show, snapshot, tunnel } from '../monitor/fixtures.ts';
import { cellsOf, drawOn } from '../terminal/harness/cells.ts';
import { openPainted, type PaintedTerminal } from './painted-terminal.ts';

const nodes = snapshot([session(0, { trigger: 'on_startup' }), tunnel(1), session(2)]);
const silent = new Proxy({}, { get: () => () => Promise.resolve([]) }) as Commands;

const monitorOf = (job: string, columns: number, rows: number): Monitor =>
	createMonitor(initialState({ job, columns, rows }));

type Open = PaintedTerminal & { readonly drawn: Drawn; monitor: Monitor };

const open = (columns: number, rows: number, hasColour = true): Open => {
	const painted = openPainted(columns, rows);
	const monitor = monitorOf('7xk2p9', columns, rows);
	const drawn = renderApp({
		monitor,
		commands: silent,
		now: () => now,
		output: painted.output,
		hasColour,
	});
	return { ...painted, drawn, monitor };
};

/** What the screen looks like when Ink draws all of it, pane and all. */
const drawnByInk = async ({ monitor }: Open, hasColour: boolean): Promise<unknown> => {
	const state = monitor.getState();
	const { columns, rows } = state;
	const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
	let frame = '';
	const stdout = Object.assign(new EventEmitter(), {
		...{ isTTY: true, columns, rows },
		write: (text: string) => {
			frame = text;
		},
	}) as unknown as NodeJS.WriteStream;
	const { unmount } = render(
		<ColourContext value={hasColour}>
			<Screen state={state} now={now} keys={keyTable} />
		</ColourContext>,
		{ stdout, debug: true, patchConsole: false },
	);
	const lines = frame.split('\n');
	unmount();
	await drawOn(terminal, `\x1b[?7l${lines.map((row, at) => `\x1b[${at + 1}H${row}`).join('')}`);
	return cellsOf(terminal);
};

const expectSame = async (screen: Open, hasColour = true): Promise<void> => {
	const expected = await drawnByInk(screen, hasColour);
	const isSame = (): boolean => isDeepStrictEqual(cellsOf(screen.terminal), expected);
	await vi
		.waitFor(() => expect(isSame()).toBe(true), { timeout: 5_000, interval: 20 })
		.catch(
			// Says which cells differ, at a cost that the loop above would pay each time.
			() => expect(cellsOf(screen.terminal)).toEqual(expected),
		);
};

/** Ink tells of a new size in an effect of its own, and waits whether an Escape begins a sequence. */
const settled = async (screen: Open): Promise<void> => {
	const { terminal, monitor } = screen;
	let before: unknown;
	await vi.waitFor(
		() => {
			const state = monitor.getState();
			const was = before;
			before = state;
			expect([state.columns, state.rows]).toEqual([terminal.cols, terminal.rows]);
			expect(state).toBe(was);
		},
		{ interval: 60 },
	);
};

const message = fc.constantFrom(
	'step 1 loss 0.5',
	'漢字'.repeat(60),
	`a${'漢'.repeat(90)}`,
	'\x1b[32mgreen \x1b[1mand bold\x1b[0m and plain',
	`\x1b[41m${'x'.repeat(230)}`,
	'e\u0301 ⚠️ tab',
	'',
	'─'.repeat(100),
	'Traceback (most recent call last):\n  File "train.py"',
);

type Step =
	| { readonly kind: 'lines'; readonly messages: readonly string[] }
	| { readonly kind: 'act'; readonly actions: readonly Action[] }
	| { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
	| { readonly kind: 'key'; readonly key: string }
	| { readonly kind: 'wait' | 'switch' | 'hold' | 'release' | 'check' };

const overlays: readonly Action[] = [
	{ type: 'open', overlay: { kind: 'help', page: 0 } },
	{ type: 'open', overlay: { kind: 'extend', target: 0, text: '', error: null } },
	{ type: 'open', overlay: { kind: 'trigger', node: 0, choice: 'on_demand' } },
	{ type: 'open', overlay: { kind: 'stop' } },
	{ type: 'open', overlay: { kind: 'jobs', text: '', choice: 0, jobs: [] } },
];
const views: readonly Action[] = [
	{ type: 'toggle-wrap' },
	{ type: 'toggle-timestamps' },
	{ type: 'toggle-follow' },
	{ type: 'scroll', rows: -1 },
	{ type: 'scroll', rows: 2 },
	{ type: 'scroll-screens', screens: -0.5 },
	{ type: 'scroll-screens', screens: 1 },
	{ type: 'top' },
	{ type: 'bottom' },
	{ type: 'filter', node: 1 },
	{ type: 'filter', node: null },
	{ type: 'select', by: 1 },
	{ type: 'close' },
	{ type: 'message', kind: 'error', text: 'it did not work out '.repeat(12), at: now },
	{ type: 'message', kind: 'info', text: 'it did', at: now },
	show(nodes),
	show(snapshot([session(0)])),
];
const columns = fc.constantFrom(40, 60, 80, 121, 200);
const rows = fc.constantFrom(8, 10, 15, 24, 60);
const step: fc.Arbitrary<Step> = fc.oneof(
	{
		arbitrary: fc.record({
			kind: fc.constant('lines' as const),
			messages: fc.array(message, { minLength: 1, maxLength: 12 }),
		}),
		weight: 6,
	},
	{
		arbitrary: fc
			.constantFrom(...overlays, ...views)
			.map((action) => ({ kind: 'act' as const, actions: [action] })),
		weight: 8,
	},
	{ arbitrary: fc.record({ kind: fc.constant('resize' as const), columns, rows }), weight: 1 },
	{
		// What a key changes is drawn at once.
		arbitrary: fc
			.constantFrom(
				'j',
				'k',
				'w',
				'T',
				' ',
				'g',
				'G',
				'\x1b[5~',
				'\x1b[6~',
				'1',
				'a',
				'?',
				'e',
				't',
				'J',
				'\x1b',
			)
			.map((key) => ({ kind: 'key' as const, key })),
		weight: 6,
	},
	{
		arbitrary: fc.record({ kind: fc.constantFrom('wait' as const, 'switch' as const) }),
		weight: 3,
	},
	{
		arbitrary: fc.record({
			kind: fc.constantFrom('hold' as const, 'release' as const, 'check' as const),
		}),
		weight: 3,
	},
);

describe('the painted screen', { timeout: 120_000 }, () => {
	test('is cell by cell what Ink alone draws, whatever has happened', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(step, { minLength: 5, maxLength: 25 }),
				columns,
				rows,
				fc.boolean(),
				async (steps, width, height, hasColour) => {
					const screen = open(width, height, hasColour);
					const others = new Map([['other', monitorOf('other', width, height)]]);
					others.set('7xk2p9', screen.monitor);
					screen.monitor.dispatch(show(nodes));
					try {
						for (const each of steps) {
							const { monitor } = screen;
							if (each.kind === 'lines') {
								const from = (monitor.getState().log.last ?? 0) + 1;
								const records = each.messages.map((text, at) =>
									record(from + at, { message: text, replica: String(at % 3) }),
								);
								monitor.dispatch({ type: 'records', records, at: now });
							}
							if (each.kind === 'act') for (const action of each.actions) monitor.dispatch(action);
							if (each.kind === 'resize') screen.resize(each.columns, each.rows);
							if (each.kind === 'key') screen.type(each.key);
							if (each.kind === 'hold') screen.hold();
							if (each.kind === 'release') screen.release();
							if (each.kind === 'check') {
								screen.release();
								await settled(screen);
								await expectSame(screen, hasColour);
							}
							if (each.kind === 'wait' || each.kind === 'key') await nextTurn();
							if (each.kind === 'switch') {
								const next = others.get(monitor.getState().job === 'other' ? '7xk2p9' : 'other');
								screen.monitor = next ?? monitor;
								screen.drawn.show({ monitor: screen.monitor, commands: silent });
							}
						}
						screen.release();
						await settled(screen);
						await expectSame(screen, hasColour);
					} finally {
						await screen.drawn.close();
					}
					expect(screen.terminal.buffer.active.type).toBe('normal');
				},
			),
			{ numRuns: 40 },
		);
	});
});
