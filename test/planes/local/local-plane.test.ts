import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { markedProcesses } from '../../../source/planes/local/process-table.ts';
import { until } from '../../faults/until.ts';
import { TestPlane } from './test-plane.ts';

const session = (trigger: string, timeout_minutes = 60) =>
	({ interactive_session: { trigger, timeout_minutes, session_provider: 'ssh' } }) as never;
const twoNodes = { compute: { node_count: 2 } };

describe('the status of a job', () => {
	test('goes from created over running to completed, with output and exit codes', async () => {
		const test = await TestPlane.open();
		const job = await test.push('echo "hello from $BT_NODE_RANK of $BT_GROUP_SIZE"', twoNodes);
		expect(job.current_status).toBe('TRAINING_JOB_CREATED');
		await test.untilStatus(job.id, 'COMPLETED');
		await test.untilContainer(job.id, 'ended', 0);
		await test.untilContainer(job.id, 'ended', 1);
		expect(test.lines(job.id)).toEqual(
			expect.arrayContaining([
				'hello from 0 of 2',
				'hello from 1 of 2',
				'[plane] The commands exited with 0.',
			]),
		);
		expect(test.node(job.id, 1).exit_code).toBe(0);
		expect(test.faults).toEqual([]);
	});

	test('is failed by the first node that fails, and its peers are stopped', async () => {
		const test = await TestPlane.open();
		const job = await test.push(
			'if [ $BT_NODE_RANK = 1 ]; then exit 3; fi; exec sleep 60',
			twoNodes,
		);
		await test.untilStatus(job.id, 'FAILED');
		expect(test.job(job.id).error_message).toBe('node 1 exited with code 3');
		await test.untilContainer(job.id, 'ended', 0);
		expect(test.node(job.id, 0).exit_code).toBe(143);
		expect(test.job(job.id).error_message).toBe('node 1 exited with code 3');
	});

	test('a failing command ends the list of commands', async () => {
		const test = await TestPlane.open();
		const job = await test.push(['echo one', 'false', 'echo two']);
		await test.untilStatus(job.id, 'FAILED');
		expect(test.lines(job.id)).toContain('one');
		expect(test.lines(job.id)).not.toContain('two');
	});

	test('stopping ends everything, also what ignores SIGTERM', async () => {
		const test = await TestPlane.open({ graceMs: 300 });
		const job = await test.push(`trap '' TERM; (trap '' TERM; sleep 60) & echo up; wait; sleep 60`);
		await test.untilLine(job.id, 'up');
		await test.plane.stopJob(job.id);
		expect(test.job(job.id).current_status).toBe('TRAINING_JOB_STOPPED');
		await test.untilContainer(job.id, 'ended');
		expect(await markedProcesses(`${job.id}/0`)).toEqual([]);
		await expect(test.plane.stopJob(job.id)).rejects.toThrow(
			`Job ${job.id} has already ended (STOPPED).`,
		);
	});

	test('a job whose nodes cannot start says why', async () => {
		const test = await TestPlane.open();
		const source = join(test.directory, 'source');
		mkdirSync(source);
		const job = await test.push('true', { source_directory: source });
		// The copy begins in a later turn of the loop.
		rmSync(source, { recursive: true });
		await test.untilStatus(job.id, 'DEPLOY_FAILED');
		expect(test.job(job.id).error_message).toMatch(/ENOENT/);
		await test.untilContainer(job.id, 'ended');
	});

	test('what cannot work is refused at once', async () => {
		const test = await TestPlane.open();
		await expect(test.push('true', { source_directory: '/no/such' })).rejects.toThrow(
			'source_directory: there is no folder /no/such',
		);
		await expect(
			test.push('true', {
				runtime: { environment_variables: { TOKEN: { name: 'github_pat' } } },
			}),
		).rejects.toThrow(/TOKEN: there is no secret "github_pat"/);
		expect(test.store.jobs.search({})).toEqual([]);
	});
});

describe('a node', () => {
	test('has a working directory with the job’s files, and only its checkpoints stay', async () => {
		const test = await TestPlane.open();
		const source = join(test.directory, 'source');
		mkdirSync(join(source, '.git'), { recursive: true });
		writeFileSync(join(source, 'data.txt'), 'from the source');
		const job = await test.push(
			['cat data.txt', 'echo', 'ls -a', 'echo kept > $BT_CHECKPOINT_DIR/step-1', 'echo $PWD'],
			{ source_directory: source },
		);
		await test.untilContainer(job.id, 'ended');
		const lines = test.lines(job.id);
		expect(lines).toContain('from the source');
		expect(lines).not.toContain('.git');
		const root = join(test.directory, 'jobs', job.id, 'node-0');
		expect(lines).toContain(join(root, 'work'));
		expect(existsSync(join(root, 'work'))).toBe(false);
		expect(readFileSync(join(root, 'checkpoints', 'step-1'), 'utf8')).toBe('kept\n');
	});

	test('meets the others at the leader’s address', async () => {
		const test = await TestPlane.open();
		const job = await test.push('echo "leader $BT_LEADER_ADDR:$BT_LEADER_PORT"', twoNodes);
		await test.untilStatus(job.id, 'COMPLETED');
		const leaders = test.lines(job.id).filter((line) => line.startsWith('leader'));
		expect(leaders).toHaveLength(2);
		expect(leaders[0]).toMatch(/^leader 127\.0\.0\.1:\d+$/);
		expect(leaders[1]).toBe(leaders[0]);
	});

	test('gets secrets, which no log line shows', async () => {
		const test = await TestPlane.open();
		await test.plane.putSecret('github_pat', 'gh p/t-1234');
		const job = await test.push('echo "[$TOKEN]"; test "$TOKEN" = "gh p/t-1234"', {
			runtime: { environment_variables: { TOKEN: { name: 'github_pat' } } },
		});
		await test.untilStatus(job.id, 'COMPLETED');
		expect(test.lines(job.id)).toContain('[***]');
	});

	test('may put things in order when it is stopped, before its end is told', async () => {
		const test = await TestPlane.open();
		const job = await test.push([
			`sh -c 'trap "sleep 0.3; echo in order; exit 0" TERM; echo up; while :; do sleep 0.02; done'`,
		]);
		await test.untilLine(job.id, 'up');
		await test.plane.stopJob(job.id);
		await test.untilContainer(job.id, 'ended');
		// The shell comments on what was killed in it.
		expect(test.lines(job.id).slice(-2)).toEqual([
			'in order',
			'[plane] The commands exited with 143.',
		]);
	});

	test('an unfinished last line is not lost', async () => {
		const test = await TestPlane.open();
		const job = await test.push('printf "no newline"');
		await test.untilStatus(job.id, 'COMPLETED');
		expect(test.lines(job.id)).toEqual(['no newline', '[plane] The commands exited with 0.']);
	});
});

describe('a session', () => {
	test('on_startup is active from the start, holds the container, and takes it along', async () => {
		const test = await TestPlane.open();
		const job = await test.push('echo done', session('on_startup'));
		await test.untilStatus(job.id, 'COMPLETED');
		await test.untilContainer(job.id, 'held');
		expect(test.node(job.id)).toMatchObject({
			state: 'active',
			expires_at: '2026-03-01T13:00:00.000Z',
		});
		test.advance(59);
		expect(test.node(job.id).state).toBe('active');
		test.advance(1);
		await test.untilContainer(job.id, 'ended');
		expect(test.node(job.id).state).toBe('expired');
		expect(test.job(job.id).current_status).toBe('TRAINING_JOB_COMPLETED');
	});

	test('on_failure becomes active when the commands fail, and not otherwise', async () => {
		const test = await TestPlane.open();
		const failing = await test.push('exit 7', session('on_failure'));
		const fine = await test.push('exit 0', session('on_failure'));
		await test.untilContainer(failing.id, 'held');
		expect(test.node(failing.id)).toMatchObject({
			state: 'active',
			exit_code: 7,
			reason: 'the commands exited with 7',
		});
		expect(test.job(failing.id).current_status).toBe('TRAINING_JOB_FAILED');
		await test.untilContainer(fine.id, 'ended');
		expect(test.node(fine.id).state).toBe('ended');
	});

	test('that expires stops the commands, and the job says so', async () => {
		const test = await TestPlane.open();
		const job = await test.push('echo up; sleep 60', session('on_startup', 5));
		await test.untilLine(job.id, 'up');
		test.advance(5);
		await test.untilStatus(job.id, 'FAILED');
		expect(test.job(job.id).error_message).toBe(
			'the session of node 0 expired while its commands ran',
		);
		await test.untilContainer(job.id, 'ended');
	});

	test('can be extended, and then lives longer', async () => {
		const test = await TestPlane.open();
		const job = await test.push('sleep 60', session('on_startup'));
		await test.untilStatus(job.id, 'RUNNING');
		const { session_id: id } = test.node(job.id);
		const reply = await test.plane.patchSession(job.id, id ?? '', { timeout_minutes: 30 });
		expect(reply.interactive_session.expires_at).toBe('2026-03-01T13:30:00.000Z');
		expect(reply.message).toBe('Session of node 0 now expires at 2026-03-01T13:30:00.000Z.');
		expect(test.node(job.id).expires_at).toBe('2026-03-01T13:30:00.000Z');
	});

	test('of a node that is gone refuses a change', async () => {
		const test = await TestPlane.open();
		const job = await test.push('true', session('on_demand'));
		await test.untilContainer(job.id, 'ended');
		const { session_id: id } = test.node(job.id);
		await expect(
			test.plane.patchSession(job.id, id ?? '', { timeout_minutes: 30 }),
		).rejects.toThrow('The session of node 0 has ended: it cannot be changed any more.');
		await expect(test.plane.patchSession(job.id, 'none', {})).rejects.toThrow(
			`No session none in job ${job.id}.`,
		);
	});

	test('on_demand becomes active by a change of its trigger', async () => {
		const test = await TestPlane.open();
		const job = await test.push('sleep 60', session('on_demand'));
		await test.untilStatus(job.id, 'RUNNING');
		const { session_id: id } = test.node(job.id);
		await test.plane.patchSession(job.id, id ?? '', { trigger: 'on_startup' });
		expect(test.node(job.id)).toMatchObject({ state: 'active', trigger: 'on_startup' });
	});
});

describe('after a restart', () => {
	test('a running job goes on, and nothing that it printed is lost or doubled', async () => {
		const test = await TestPlane.open();
		const flag = join(test.directory, 'flag');
		const job = await test.push(
			`echo before; while [ ! -e ${flag} ]; do sleep 0.02; done; echo while down; sleep 0.3; echo after; exit 4`,
		);
		await test.untilLine(job.id, 'before');
		await test.restart(async () => {
			writeFileSync(flag, '');
			const output = join(test.directory, 'jobs', job.id, 'node-0', 'run', 'output.log');
			await until(() => readFileSync(output, 'utf8').includes('while down'));
		});
		await test.untilStatus(job.id, 'FAILED');
		await test.untilContainer(job.id, 'ended');
		expect(test.lines(job.id)).toEqual([
			'before',
			'while down',
			'after',
			'[plane] The commands exited with 4.',
		]);
		expect(test.node(job.id).exit_code).toBe(4);
	});

	test('a job that ended meanwhile has its verdict', async () => {
		const test = await TestPlane.open();
		const flag = join(test.directory, 'flag');
		const job = await test.push(`while [ ! -e ${flag} ]; do sleep 0.02; done; exit 5`);
		await test.untilStatus(job.id, 'RUNNING');
		await test.restart(async () => {
			writeFileSync(flag, '');
			const exit = join(test.directory, 'jobs', job.id, 'node-0', 'run', 'exit');
			await until(() => existsSync(exit));
		});
		await test.untilStatus(job.id, 'FAILED');
		expect(test.job(job.id).error_message).toBe('node 0 exited with code 5');
	});

	test('commands that vanished without a trace have failed', async () => {
		const test = await TestPlane.open();
		const job = await test.push('echo up; sleep 60');
		await test.untilLine(job.id, 'up');
		await test.restart(async () => {
			for (const pid of await markedProcesses(`${job.id}/0`)) process.kill(pid, 'SIGKILL');
			await until(async () => (await markedProcesses(`${job.id}/0`)).length === 0);
		});
		await test.untilStatus(job.id, 'FAILED');
		expect(test.lines(job.id)).toContain(
			'[plane] The commands are gone and have left no exit code.',
		);
	});

	test('a held container is still held, and expires', async () => {
		const test = await TestPlane.open();
		const job = await test.push('true', session('on_startup'));
		await test.untilContainer(job.id, 'held');
		await test.restart();
		expect(test.node(job.id)).toMatchObject({ container: 'held', state: 'active' });
		expect(test.job(job.id).current_status).toBe('TRAINING_JOB_COMPLETED');
		test.advance(60);
		await test.untilContainer(job.id, 'ended');
		expect(test.node(job.id).state).toBe('expired');
	});

	test('a session that expired meanwhile takes the container at once', async () => {
		const test = await TestPlane.open();
		const job = await test.push('echo up; sleep 60', session('on_startup'));
		await test.untilLine(job.id, 'up');
		await test.restart(() => test.advance(61));
		await test.untilContainer(job.id, 'ended');
		expect(test.node(job.id).state).toBe('expired');
	});
});

test('without sshd jobs run all the same, and who wants to enter learns why not', async () => {
	const test = await TestPlane.open({ sshd: null });
	const why =
		'sshd is not installed, so nodes cannot be entered. Install openssh-server and start again.';
	expect([test.plane.sshProxy, test.plane.sshRefusal]).toEqual([null, why]);
	const job = await test.push('sleep 60', session('on_startup'));
	await test.untilStatus(job.id, 'RUNNING');
	await expect(
		test.plane.signSsh(job.id, { public_key: 'ssh-ed25519 AAAA', replica_id: '0' }),
	).rejects.toThrow(why);
});
