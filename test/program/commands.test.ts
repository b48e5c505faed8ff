import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { skipWithoutSshd } from '../ssh/local-node.ts';
import { run } from '../ssh/run.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { program, startLocal } from './start-local.ts';

/** A user with a folder of their own and a job file in it. */
const openDesk = () => {
	const home = temporaryDirectory();
	const data = join(home, 'data');
	const env = { PATH: process.env['PATH'], HOME: home, SIGNALBOX_DATA_DIR: data };
	const file = join(home, 'job.yaml');
	const write = (commands: string, more = ''): void =>
		writeFileSync(file, `project: desk\nruntime:\n  start_commands:\n    - ${commands}\n${more}`);
	const signalbox = (line: string) => run(process.execPath, [program, ...line.split(' ')], { env });
	onTestFinished(async () => {
		const { stdout } = await signalbox('jobs --json');
		for (const { id } of JSON.parse(stdout || '[]')) await signalbox(`stop ${id}`);
	});
	return { home, data, file, write, signalbox };
};

const session = 'interactive_session: {session_provider: ssh, trigger: on_demand}\n';

describe('with a local plane that runs', () => {
	test('a job from push to stop', async () => {
		const { data, file, write, signalbox } = openDesk();
		const { url, token_file: tokenFile } = await startLocal(data);
		write('echo hello; sleep 60', `compute: {node_count: 2}\n${session}`);
		const pushed = await signalbox(`push ${file} --json`);
		expect(pushed).toMatchObject({ code: 0, stderr: '' });
		const { id, current_status: status } = JSON.parse(pushed.stdout);
		expect(status).toBe('TRAINING_JOB_CREATED');

		const listed = await signalbox('jobs');
		expect(listed.stdout).toMatch(
			new RegExp(`^JOB +NAME +PROJECT +STATUS +NODES +AGE\\n${id} +– +desk +\\w+ +2 +\\ds\\n$`),
		);
		const extended = await signalbox(`extend ${id} --minutes 60 --json`);
		expect(JSON.parse(extended.stdout)).toMatchObject([
			{ interactive_session: { timeout_minutes: 540 } },
			{ interactive_session: { timeout_minutes: 540 } },
		]);
		const triggered = await signalbox(`trigger ${id} on_failure --node 1`);
		expect(triggered).toEqual({
			code: 0,
			stdout: 'node 1: Trigger of node 1 is now on_failure.\n',
			stderr: '',
		});
		const shown = await signalbox(`status ${id}`);
		expect(shown.stdout).toMatch(/^0 +g00r0 +ssh +on_demand +waiting .* signalbox ssh \w+:0$/m);
		expect(shown.stdout).toMatch(/^1 +g00r1 +ssh +on_failure +waiting .* signalbox ssh \w+:1$/m);
		// The same through its address, as from another machine.
		const far = await signalbox(`status ${id} --json --url ${url} --token-file ${tokenFile}`);
		expect(JSON.parse(far.stdout)).toMatchObject({ job: { id }, sessions: [{}, {}] });

		expect(await signalbox(`stop ${id}`)).toMatchObject({ code: 0, stdout: `stopped ${id}\n` });
		const again = await signalbox(`stop ${id}`);
		expect([again.code, again.stderr]).toEqual([
			1,
			`signalbox: Job ${id} has already ended (STOPPED).\n`,
		]);
	});

	test.each([
		['0', 0, 'COMPLETED'],
		['3', 1, 'FAILED: node 0 exited with code 3'],
	])('logs --tail of commands that exit with %s exits with %i', async (exit, code, verdict) => {
		const { data, file, write, signalbox } = openDesk();
		await startLocal(data);
		write(`for i in 1 2 3; do echo line $i; sleep 0.2; done; exit ${exit}`);
		const { id } = JSON.parse((await signalbox(`push ${file} --json`)).stdout);
		const said = await signalbox(`logs ${id} --tail --json`);
		expect([said.code, said.stderr]).toEqual([code, `job ${id}: ${verdict}\n`]);
		const records = said.stdout
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line));
		expect(records.map(({ message }) => message)).toEqual([
			'line 1',
			'line 2',
			'line 3',
			`[plane] The commands exited with ${exit}.`,
		]);
		const last = await signalbox(`logs ${id} --lines 1`);
		expect(last.stdout).toMatch(
			/^\d\d:\d\d:\d\d\.\d{3} 0 \[plane\] The commands exited with \d\.\n$/,
		);
	});

	test.skipIf(skipWithoutSshd)('ssh runs a command on a node and exits as it does', async () => {
		const { data, file, write, signalbox } = openDesk();
		await startLocal(data);
		write('sleep 60', session);
		const { id } = JSON.parse((await signalbox(`push ${file} --json`)).stdout);
		await expect
			.poll(async () => JSON.parse((await signalbox(`status ${id} --json`)).stdout).sessions[0], {
				timeout: 20_000,
			})
			.toMatchObject({ container: 'running' });
		const said = await signalbox(
			`ssh ${id} --no-forward-agent -- echo $BT_TRAINING_JOB_ID; exit 7`,
		);
		expect(said).toMatchObject({ code: 7, stdout: `${id}\n` });
	});
});

test('without a plane a job runs on its own, and the next command finds it', async () => {
	const { file, write, signalbox } = openDesk();
	write('echo begun; sleep 1; echo done');
	const pushed = await signalbox(`push ${file}`);
	const [, id] = /^pushed (\w+)\n$/.exec(pushed.stdout) ?? [];
	expect(pushed.stderr).toContain(`signalbox ${id}`);
	const said = await signalbox(`logs ${id} --tail`);
	expect(said.code).toBe(0);
	expect(said.stdout).toMatch(/ 0 begun\n.* 0 done\n/);
});

test('on a Node that is too old, one line', async () => {
	const old = '/usr/bin/node';
	const version = await promisify(execFile)(old, ['--version']).catch(() => null);
	const [major, minor] = (version?.stdout ?? 'v99.0').slice(1).split('.').map(Number);
	if ((major ?? 0) > 22 || (major === 22 && (minor ?? 0) >= 15)) return;
	const said = await run(old, [program, 'jobs']);
	expect(said).toEqual({
		code: 1,
		stdout: '',
		stderr: `signalbox: needs Node 22.15 or newer, and this is ${major}.${said.stderr.match(/this is \d+\.([\d.]+)\. /)?.[1]}. Get one at https://nodejs.org.\n`,
	});
});
