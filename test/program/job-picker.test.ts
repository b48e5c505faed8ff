import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../ssh/run.ts';
import { until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { program, startLocal } from './start-local.ts';

test('several active jobs are offered; each keeps its place when others are shown', async () => {
	const data = join(temporaryDirectory(), 'data');
	const { api } = await startLocal(data);
	const { id: project } = await api.createProject('desk');
	const push = (name: string) =>
		api.createJob(project, {
			name,
			runtime: { start_commands: [`for i in 1 2 3 4 5; do echo "${name} $i"; done; sleep 300`] },
		});
	await push('first');
	const second = await push('second');
	await until(async () =>
		(await api.listJobs()).every(({ current_status: status }) => status === 'TRAINING_JOB_RUNNING'),
	);
	const name = `signalbox-${randomUUID()}`;
	const tmux = async (...words: string[]): Promise<string> =>
		(await run('tmux', ['-L', name, '-f', '/dev/null', ...words])).stdout;
	onTestFinished(async () => void (await tmux('kill-server')));
	await tmux(
		'new-session',
		'-d',
		'-x',
		'80',
		'-y',
		'24',
		process.execPath,
		program,
		'--data-dir',
		data,
	);
	const screen = (): Promise<string> => tmux('capture-pane', '-p');
	const shows = (text: string) => until(async () => (await screen()).includes(text));

	await shows('2 of 2');
	await tmux('send-keys', 'fir');
	await shows('1 of 2');
	await tmux('send-keys', 'Enter');
	await shows('first 5');
	await tmux('send-keys', 'Space');
	await shows('paused');
	await tmux('send-keys', 'J');
	await shows('2 of 2');
	await tmux('send-keys', 'Enter');
	await shows('second 5');
	expect(await screen()).toContain(second.id);
	expect(await screen()).toContain('follow');
	await tmux('send-keys', 'J');
	await shows('2 of 2');
	await tmux('send-keys', 'Down', 'Enter');
	await shows('first 5');
	await shows('paused');
	const lines = (await screen()).split('\n').filter((line) => / first \d/.test(line));
	expect(lines).toHaveLength(5);
});
