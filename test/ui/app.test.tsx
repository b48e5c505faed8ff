import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Failure } from '../../source/contract/failure.ts';
import { metricsReplySchema } from '../../source/contract/metrics.ts';
import { createMonitor, type Monitor } from '../../source/monitor/monitor.ts';
import { App } from '../../source/ui/App.tsx';
import type { Commands } from '../../source/ui/commands.ts';
import {
	arrive,
	isoIn,
	now,
	records,
	session,
	show,
	snapshot,
	stateAfter,
	tunnel,
} from '../monitor/fixtures.ts';

const ended: (() => void)[] = [];
afterEach(() => {
	for (const end of ended.splice(0)) end();
});

const nodes = [
	session(0, { trigger: 'on_startup' }),
	tunnel(1),
	session(2, { state: 'ended' }),
	session(3, { expires_at: isoIn(4 * 60_000) }),
];

/** The app on streams of its own, with commands that only tell that they were called. */
const open = (sessions = nodes, overrides: Partial<Commands> = {}) => {
	const stdin = Object.assign(new PassThrough(), {
		isTTY: true,
		setRawMode: () => undefined,
		ref: () => undefined,
		unref: () => undefined,
	});
	const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 30 });
	let frame = '';
	stdout.on('data', (chunk) => {
		frame = String(chunk);
	});
	const calls: unknown[][] = [];
	const told =
		(name: string) =>
		(...values: unknown[]): Promise<void> => {
			calls.push([name, ...values]);
			return Promise.resolve();
		};
	const commands: Commands = {
		extend: told('extend'),
		changeTrigger: told('changeTrigger'),
		ssh: (node) => told('ssh')(node),
		sshInWindow: told('sshInWindow'),
		addKeys: () => told('addKeys')(),
		openEditor: ({ node }) => told('openEditor')(node),
		metrics: () => Promise.resolve(metricsReplySchema.parse({})),
		listJobs: () => Promise.resolve([]),
		showJob: told('showJob'),
		openUrl: told('openUrl'),
		copy: told('copy'),
		stopJob: told('stopJob'),
		loadPage: ({ place }) => void told('loadPage')(place),
		findMatches: ({ place }) => void told('findMatches')(place),
		cursorOf: () => Promise.resolve(null),
		saveLog: told('saveLog'),
		openLog: told('openLog'),
		setMouse: told('setMouse'),
		notify: told('notify'),
		quit: told('quit'),
		...overrides,
	};
	const monitor: Monitor = createMonitor(
		stateAfter([show(snapshot(sessions)), arrive(records(500, 700))], { columns: 100, rows: 30 }),
	);
	const app = render(<App monitor={monitor} commands={commands} now={() => now} />, {
		stdin,
		stdout,
		debug: true,
		exitOnCtrlC: false,
		patchConsole: false,
	});
	ended.push(app.unmount);
	const until = (words: string): Promise<void> =>
		vi.waitFor(() => expect(stripVTControlCharacters(frame)).toContain(words));
	const press = async (keys: string): Promise<void> => {
		stdin.write(keys);
		await new Promise((done) => setImmediate(done));
	};
	return { monitor, calls, press, until, stdout };
};

test('m shows what each node uses, until it is closed', async () => {
	const series = (...values: number[]) =>
		values.map((value, index) => ({ value, timestamp: isoIn(index * 5_000) }));
	const metrics = {
		cpu_usage: series(0.5, 3.2),
		cpu_memory_usage_bytes: series(1e9, 12.1e9),
		gpu_utilization: { 0: series(0, 1), 1: series(0, 0.5) },
		gpu_memory_usage_bytes: { 0: series(40e9, 60e9), 1: series(40e9, 60e9) },
	};
	const reply = metricsReplySchema.parse({ per_node_metrics: [{ node_id: 'g00r0', metrics }] });
	const { press, until, monitor } = open(nodes, { metrics: async () => reply });
	await press('m');
	await until('cpu      3.2');
	await until('mem  12.1 GB');
	await until('2 gpus     75 %');
	await until('vram   120 GB');
	await press('m');
	await vi.waitFor(() => expect(monitor.getState().overlay).toBeNull());
});

describe('J', () => {
	const jobs = ['alpha', 'beta', 'gamma'].map((id) => ({
		...snapshot([]).job,
		id,
		name: `${id} run`,
	}));

	test('lists jobs, filters while typing, and shows the chosen one', async () => {
		const { press, until, calls, monitor } = open(nodes, { listJobs: async () => jobs });
		await press('J');
		await until('3 of 3');
		await until('❯ alpha');
		await press('\x1b[B');
		await until('❯ beta');
		await press('gam run');
		await until('1 of 3');
		await until('❯ gamma');
		await press('\r');
		expect(calls).toContainEqual(['showJob', jobs[2]]);
		expect(monitor.getState().overlay).toBeNull();
	});

	test('a filter that nothing meets shows no job, and escape stays', async () => {
		const { press, until, calls, monitor } = open(nodes, { listJobs: async () => jobs });
		await press('J');
		await until('3 of 3');
		await press('zzz');
		await until('0 of 3');
		await press('\r');
		expect(monitor.getState().overlay?.kind).toBe('jobs');
		await press('\x7f\x7f\x7f');
		await until('3 of 3');
		await press('\x1b');
		await vi.waitFor(() => expect(monitor.getState().overlay).toBeNull());
		expect(calls.filter(([name]) => name === 'showJob')).toEqual([]);
	});
});

describe('keys', () => {
	test('e asks for minutes, and extends the selected node by them', async () => {
		const { press, until, calls, monitor } = open();
		await press('e');
		await until('extend node 0');
		await press('4x5');
		await until('add 4x5▏');
		await press('\x7f\x7f5\r');
		await vi.waitFor(() => expect(calls).toContainEqual(['extend', 0, 45]));
		expect(monitor.getState().overlay).toBeNull();
	});

	test('an empty prompt means 60; E means all nodes', async () => {
		const { press, calls } = open();
		await press('E\r');
		await vi.waitFor(() => expect(calls).toContainEqual(['extend', 'all', 60]));
	});

	test('minutes that make no sense are refused in the prompt', async () => {
		const { press, until, calls } = open();
		await press('e0\r');
		await until('1 minute or more');
		expect(calls).toEqual([]);
	});

	test('pasted text is no command, but can be typed into a prompt', async () => {
		const { press, until, calls } = open();
		await press('\x1b[200~qqxe\x1b[201~');
		await press('e');
		await until('extend node 0');
		await press('\x1b[200~ 30\n\x1b[201~');
		await until('add 30▏');
		expect(calls).toEqual([]);
	});

	test('t changes a trigger where that is possible, and says why not elsewhere', async () => {
		const { press, until, calls } = open();
		await press('t');
		await until('trigger of node 0');
		await press('j\r');
		await until('on_failure: on_startup can not be changed');
		await press('qjt');
		await until('trigger of node 1');
		await press('kk\r');
		await vi.waitFor(() => expect(calls).toEqual([['changeTrigger', 1, 'on_startup']]));
	});

	test.each([
		['s on an ssh node', 's', ['ssh', 0]],
		['enter on an ssh node', '\r', ['ssh', 0]],
		['c on an ssh node', 'c', ['copy', 'signalbox ssh 7xk2p9:0']],
		['c on a tunnel', 'jc', ['copy', '4F64-C0D9']],
		['o on a tunnel', 'jo', ['openUrl', 'https://github.com/login/device']],
		['x and y', 'xy', ['stopJob']],
		['q', 'q', ['quit']],
		['ctrl-c anywhere', 'e\x03', ['quit']],
	])('%s', async (_, keys, call) => {
		const { press, calls } = open();
		await press(keys);
		await vi.waitFor(() => expect(calls).toEqual([call]));
	});

	test.each([
		['s on a tunnel', 'js', 'node 1 has a vs_code session'],
		['o on an ssh node', 'o', 'node 0 has no login page'],
		['e on an ended session', 'jje', 'the session of node 2 has ended'],
		['a node that there is not', '7', 'there is no node 7'],
	])('%s says why nothing happens', async (_, keys, words) => {
		const { press, until, calls } = open();
		await press(keys);
		await until(words);
		expect(calls).toEqual([]);
	});

	test('x and anything but y leaves the job alone', async () => {
		const { press, monitor, calls } = open();
		await press('xn');
		await vi.waitFor(() => expect(monitor.getState().overlay).toBeNull());
		await press('x\r');
		await vi.waitFor(() => expect(monitor.getState().overlay).toBeNull());
		expect(calls).toEqual([]);
	});

	test('arrows, pages and controls reach the log', async () => {
		const { press, monitor } = open();
		await press('\x1b[1;2A');
		await vi.waitFor(() => expect(monitor.getState().view.mode).toBe('paused'));
		await press('\x1b[6~');
		await vi.waitFor(() => expect(monitor.getState().view.mode).toBe('follow'));
		await press('\x15');
		await vi.waitFor(() => expect(monitor.getState().view.mode).toBe('paused'));
		await press(' ');
		await vi.waitFor(() => expect(monitor.getState().view.mode).toBe('follow'));
		await press('\x1b[B');
		await vi.waitFor(() => expect(monitor.getState().selected).toBe(1));
	});
});

test('a failed action says its one line', async () => {
	const { press, until, monitor } = open(nodes, {
		extend: () => Promise.reject(new Failure('conflict', 'node 0: the session is over')),
	});
	await press('e\r');
	await until('✕ node 0: the session is over');
	expect(monitor.getState().tasks).toEqual([]);
});

test('an alert is told outside the screen too, once', async () => {
	const { calls, monitor } = open();
	monitor.dispatch({ type: 'tick', now });
	const call = ['notify', 'node 3: the session expires in 5 min (e extends it)'];
	await vi.waitFor(() => expect(calls).toEqual([call]));
	monitor.dispatch({ type: 'tick', now: now + 1000 });
	monitor.dispatch({ type: 'toggle-wrap' });
	await new Promise((done) => setTimeout(done, 100));
	expect(calls).toEqual([call]);
});

test('a page is asked for once when a reader goes to the first line', async () => {
	const { press, calls } = open();
	await press('g');
	await vi.waitFor(() => expect(calls).toEqual([['loadPage', { around: 1 }]]));
	await press('gg');
	await new Promise((done) => setTimeout(done, 100));
	expect(calls).toEqual([['loadPage', { around: 1 }]]);
});

test('a resize reaches the state', async () => {
	const { stdout, monitor, until } = open();
	Object.assign(stdout, { columns: 40, rows: 10 });
	stdout.emit('resize');
	await until('Terminal too small');
	expect(monitor.getState()).toMatchObject({ columns: 40, rows: 10 });
});
