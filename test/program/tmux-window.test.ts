import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { windowCommand } from '../../source/commands/screen/new-window.ts';
import { sshKeygen } from '../../source/ssh/open-ssh.ts';
import { skipWithoutSshd } from '../ssh/local-node.ts';
import { run } from '../ssh/run.ts';
import { startAgent, until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { program, startLocal } from './start-local.ts';

/** A tmux server of the test's own, in which the screen of a job runs. */
const openScreen = async (env: NodeJS.ProcessEnv) => {
	const home = temporaryDirectory();
	const data = join(home, 'data');
	const { api } = await startLocal(data);
	const { id: project } = await api.createProject('desk');
	const job = await api.createJob(project, {
		runtime: { start_commands: ['echo trains; sleep 300'] },
		interactive_session: { trigger: 'on_startup', session_provider: 'ssh' },
	});
	const name = `signalbox-${randomUUID()}`;
	const tmux = async (...words: string[]): Promise<string> =>
		(await run('tmux', ['-L', name, '-f', '/dev/null', ...words], { env: { ...env, HOME: home } }))
			.stdout;
	onTestFinished(async () => void (await tmux('kill-server')));
	await tmux(
		'new-session',
		'-d',
		'-x',
		'100',
		'-y',
		'24',
		process.execPath,
		program,
		job.id,
		'--data-dir',
		data,
	);
	await tmux('set-option', '-g', 'default-terminal', 'screen-256color');
	const screen = (window = 0): Promise<string> => tmux('capture-pane', '-p', '-t', `:${window}`);
	await until(async () => (await screen()).includes('trains'));
	return { job, tmux, screen };
};

/** A PATH on which ssh-add takes this key for the default one: it reads no HOME. */
const withDefaultKey = (key: string): string => {
	const folder = temporaryDirectory();
	const script = `#!/bin/sh\nPATH=\${PATH#*:}\n[ $# -gt 0 ] || set -- ${key}\nexec ssh-add "$@"\n`;
	writeFileSync(join(folder, 'ssh-add'), script, { mode: 0o755 });
	return `${folder}:${process.env['PATH']}`;
};

describe.skipIf(skipWithoutSshd)('inside tmux', () => {
	test('S opens ssh in a window that is marked, and the screen stays', async () => {
		const agent = await startAgent();
		await agent.add('key of the user');
		const { job, tmux, screen } = await openScreen(agent.env);
		await until(async () => (await screen()).includes('⇄ agent 1 key'));
		await tmux('send-keys', '-t', ':0', 'S');
		const windows = (): Promise<string> =>
			tmux('list-windows', '-F', '#{window_index} #{window_name}');
		await until(async () => (await windows()).includes(`1 ${job.id}:0 ⇄ agent`));
		await tmux('send-keys', '-t', ':1', 'ssh-add -l; echo node $BT_NODE_RANK', 'Enter');
		await until(async () => /key of the user[\s\S]*node 0/.test(await screen(1)));
		expect(await screen(0)).toContain('ssh to node 0 is in a window of its own');
		await tmux('send-keys', '-t', ':1', 'exit', 'Enter');
		await until(async () => (await windows()).split('\n').filter(Boolean).length === 1);
		expect(await screen(0)).toContain('trains');
	});

	test('A adds keys to an empty agent, and the mark follows', async () => {
		const agent = await startAgent();
		const key = join(temporaryDirectory(), 'fresh');
		const { job, tmux, screen } = await openScreen({ ...agent.env, PATH: withDefaultKey(key) });
		await until(async () => (await screen()).includes('agent has no keys: A adds'));
		await tmux('send-keys', '-t', ':0', 'S');
		// Nothing is marked as forwarded that holds no keys.
		await until(async () => (await tmux('list-windows', '-F', '#W')).includes(`${job.id}:0\n`));
		await tmux('kill-window', '-t', ':1');
		await tmux('send-keys', '-t', ':0', 'A');
		await until(async () => (await screen()).includes('ssh-add added no key'));
		await sshKeygen('-q', '-t', 'ed25519', '-N', '', '-C', 'fresh', '-f', key);
		await tmux('send-keys', '-t', ':0', 'A');
		await until(async () => (await screen()).includes('⇄ agent 1 key'));
		expect(await screen()).toContain('the agent has fresh');
	});
});

test.each([
	[{ TMUX: '/tmp/x,1,0' }, ['tmux', 'new-window', '-n', 'name', '--']],
	[{ ZELLIJ: '0' }, ['zellij', 'run', '--close-on-exit', '--name', 'name', '--']],
])('the window of %j', (env, beginning) => {
	const all = { ...env, SSH_AUTH_SOCK: '/tmp/it is', BASETEN_API_KEY: 'secret' };
	const words = windowCommand('name', { command: 'ssh', args: ['-A', 'host'], env: all });
	expect(words?.slice(0, beginning.length)).toEqual(beginning);
	expect(words?.slice(beginning.length, beginning.length + 4)).toEqual([
		'env',
		'SSH_AUTH_SOCK=/tmp/it is',
		'sh',
		'-c',
	]);
	expect(words?.slice(-3)).toEqual(['ssh', '-A', 'host']);
	expect(words?.join(' ')).not.toContain('secret');
});

test('outside of both there is no window', () => {
	expect(windowCommand('name', { command: 'ssh', args: [], env: {} })).toBeNull();
});

test('ssh that fails keeps its window until enter', async () => {
	const launch = { command: 'sh', args: ['-c', 'echo last words; exit 255'], env: { TMUX: 'x' } };
	const [, , , , , ...line] = windowCommand('name', launch) ?? [];
	const said = await run(line[0] ?? '', line.slice(1), { input: '\n' });
	expect(said.stdout).toMatch(/^last words\nsignalbox: ssh failed; press enter/);
	expect(said.code).toBe(255);
});
