import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createApi } from '../../source/api/rest-client.ts';
import { openLogFeed } from '../../source/client/log-feed.ts';
import { openSessionFeed } from '../../source/client/session-feed.ts';
import { openBasetenHost } from '../../source/commands/baseten-host.ts';
import type { Snapshot } from '../../source/contract/feeds.ts';
import type { LogRecord } from '../../source/contract/log.ts';
import type { BasetenDouble } from '../double/baseten-double.ts';
import { openDouble } from '../double/open-double.ts';
import { program } from '../program/start-local.ts';
import { run } from '../ssh/run.ts';
import { until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A mirror of a double in this process, and somebody who watches a job. */
const openSite = async (double: BasetenDouble) => {
	const dataDirectory = temporaryDirectory();
	const host = await openBasetenHost(
		{ name: 'work', url: double.url, token: double.key, scheme: 'Api-Key', source: 'test' },
		{ dataDirectory },
	);
	onTestFinished(() => host.close());
	return { api: createApi(host), host };
};

const watch = (host: { url: string; token: string }, jobId: string, tail?: number) => {
	const records: LogRecord[] = [];
	const snapshots: Snapshot[] = [];
	const gaps: unknown[] = [];
	const job = { url: host.url, token: host.token, projectId: 'proj1', jobId };
	const feeds = [
		openLogFeed({
			...job,
			...(tail === undefined ? {} : { tail }),
			onRecords: (batch) => void records.push(...batch),
			onGap: (gap) => void gaps.push(gap),
			onState: () => {},
		}),
		openSessionFeed({
			...job,
			onSnapshot: (snapshot) => void snapshots.push(snapshot),
			onState: () => {},
		}),
	];
	onTestFinished(() => {
		for (const feed of feeds) feed.close();
	});
	return { records, gaps, last: () => snapshots.at(-1) };
};

describe('a job at Baseten', () => {
	test('its lines come once each through errors and cut connections, its state by itself', async () => {
		const double = await openDouble();
		double.addJob('abc');
		double.print('abc', 'line 0');
		const { host } = await openSite(double);
		const { records, gaps, last } = watch(host, 'abc', 100);
		await until(() => records.length === 1);
		const faults: Parameters<typeof double.faults.push>[0]['fault'][] = [
			{ status: 503, body: 'busy' },
			{ status: 429, body: { error: 'slow down', retry_after: 1 } },
			'cut',
			{ status: 500, body: ['first', 'second'] },
			'slow',
			{ status: 200, body: 'no JSON' },
		];
		for (const fault of faults) double.faults.push({ match: /logs$/, fault });
		for (let n = 1; n <= 30; n += 1) double.print('abc', `line ${n}`, { node: n % 2 });
		await expect.poll(() => records.length, { timeout: 40_000 }).toBe(31);
		double.print('abc', 'line 31', { late: 1_500 });
		double.print('abc', 'line 32');
		await until(() => records.length === 33);
		expect(records.map(({ message }) => message).toSorted()).toEqual(
			Array.from({ length: 33 }, (_, n) => `line ${n}`).toSorted(),
		);
		expect(records[1]?.replica).toBe('1');
		expect(gaps).toEqual([]);

		const made = double.jobs.get('abc');
		if (made) made.job = { ...made.job, current_status: 'TRAINING_JOB_WONDERFUL' };
		await until(() => last()?.job.current_status === 'TRAINING_JOB_WONDERFUL');
	}, 90_000);

	test('older lines come by pages, below the cursors of the feed', async () => {
		const double = await openDouble();
		const { book } = double.addJob('abc');
		for (let n = 0; n < 2_500; n += 1) {
			const ms = double.now() - 30_000 + n * 10;
			const timestamp = `${ms}000000`;
			const line = { message: `line ${n}`, replica: null, request_id: null, level: null };
			book.write({ ...line, timestamp, visibleMs: 0 });
		}
		const { host, api } = await openSite(double);
		const { records, gaps } = watch(host, 'abc', 10_000);
		await until(() => records.length >= 999);
		expect(records.at(-1)?.message).toBe('line 2499');
		const first = records[0]?.seq ?? 0;
		const page = await api.logsPage('proj1', 'abc', { before: first, limit: 700 });
		expect(page.records).toHaveLength(700);
		expect(page.records.at(-1)?.seq).toBe(first - 1);
		const whole = await api.logsPage('proj1', 'abc', { after: 0, limit: 1000 });
		expect(whole.records[0]?.message).toBe('line 0');
		expect(whole.last - whole.first).toBe(2_499);
		expect(gaps).toEqual([]);
	});

	test('what the API does not tell of a session is unknown until a reply reveals it', async () => {
		const double = await openDouble();
		double.addJob('abc', { node_count: 3 });
		double.addSession('abc', 0);
		double.addSession('abc', 1, {
			auth_code: 'AB12-CD34',
			auth_url: 'https://github.com/login/device',
			tunnel_name: 'bt-session-abc-1',
		});
		const { host, api } = await openSite(double);
		const { last } = watch(host, 'abc', 10);
		await until(() => last() !== undefined);
		expect(last()?.plane).toBe('work');
		expect(last()?.sessions).toMatchObject([
			{
				session_id: 's0',
				provider: 'ssh',
				trigger: null,
				state: 'active',
				ssh_host: 'training-job-abc-0.work.ssh.baseten.co',
			},
			{ session_id: 's1', provider: null, auth_code: 'AB12-CD34', ssh_host: null },
			{ session_id: null, state: 'unknown', reason: 'no live session is listed' },
		]);
		const before = Date.parse(last()?.sessions[0]?.expires_at ?? '');
		await api.patchSession('proj1', 'abc', 's0', { timeout_minutes: 30 });
		await until(() => last()?.sessions[0]?.trigger === 'on_demand');
		expect(Date.parse(last()?.sessions[0]?.expires_at ?? '') - before).toBe(30 * 60_000);
		expect(double.requests.filter((line) => line.startsWith('PATCH'))).toHaveLength(1);
		await api.patchSession('proj1', 'abc', 's0', { trigger: 'on_startup' });
		await until(() => last()?.sessions[0]?.trigger === 'on_startup');
		await expect(api.patchSession('proj1', 'abc', 's0', { trigger: 'on_demand' })).rejects.toThrow(
			'on_startup cannot be changed',
		);

		double.jobs.get('abc')?.codes.splice(0, 1);
		await until(() => last()?.sessions[0]?.state === 'ended');
		expect(last()?.sessions[0]?.reason).toBe('it is not listed any more');
	});

	test('a PATCH whose answer is lost is sent once', async () => {
		const double = await openDouble();
		double.addJob('abc');
		double.addSession('abc', 0);
		const { api } = await openSite(double);
		double.faults.push({ match: /^PATCH/, fault: 'cut' });
		await expect(
			api.patchSession('proj1', 'abc', 's0', { timeout_minutes: 30 }),
		).rejects.toMatchObject({ kind: 'unreachable' });
		expect(double.requests.filter((line) => line.startsWith('PATCH'))).toHaveLength(1);
	});

	test('a job that waits shows its place, until it runs', async () => {
		const double = await openDouble();
		const waiting = { current_status: 'TRAINING_JOB_PENDING' };
		const made = double.addJob('abc', waiting);
		const since = new Date(double.now() - 300_000).toISOString();
		double.queues.set('abc', { submitted_at: since, pending_ahead_at_submit: [{}, {}, {}] });
		double.addJob('def', waiting);
		const { host } = await openSite(double);
		const { last } = watch(host, 'abc', 10);
		await until(() => last()?.queue?.ahead === 3);
		expect(last()?.queue).toEqual({ ahead: 3, since });
		made.job = { ...made.job, current_status: 'TRAINING_JOB_RUNNING' };
		await until(
			() => last()?.job.current_status === 'TRAINING_JOB_RUNNING' && last()?.queue === null,
		);

		const other = watch(host, 'def', 10);
		await until(() => other.last() !== undefined);
		const asked = () => double.requests.filter((line) => line.includes('def/queue_context')).length;
		await until(() => asked() > 0);
		const polls = double.requests.length;
		await until(() => double.requests.length > polls + 6);
		expect(asked()).toBe(1);
		expect(other.last()?.queue).toBeNull();
	});

	test('logs --tail waits for the lines that come after the end', async () => {
		const double = await openDouble();
		const made = double.addJob('abc');
		double.print('abc', 'first');
		const env = {
			PATH: process.env['PATH'],
			HOME: temporaryDirectory(),
			BASETEN_API_KEY: double.key,
			BASETEN_BASE_URL: double.url,
		};
		const tail = run(process.execPath, [program, 'logs', 'abc', '--tail', '--remote', 'env'], {
			env,
		});
		await until(() => double.requests.some((line) => line.endsWith('/logs')));
		const updated_at = new Date(double.now()).toISOString();
		made.job = { ...made.job, current_status: 'TRAINING_JOB_COMPLETED', updated_at };
		double.print('abc', 'last words', { late: 6_000 });
		const { code, stdout } = await tail;
		expect(stdout).toMatch(/ first\n.* last words\n$/s);
		expect(code).toBe(0);
	}, 30_000);

	test('a clock that is ahead moves the windows with it', async () => {
		const double = await openDouble();
		double.aheadMs = 40 * 60_000;
		double.addJob('abc');
		double.addSession('abc', 0);
		const { host } = await openSite(double);
		const { records, last } = watch(host, 'abc', 10);
		await until(() => last() !== undefined);
		double.print('abc', 'from the future');
		await until(() => records.length === 1);
		expect(Math.abs(Date.parse(last()?.server_time ?? '') - double.now())).toBeLessThan(5_000);
	});
});

test('the commands go through a remote of .trussrc', async () => {
	const double = await openDouble();
	double.addJob('abc', { name: 'tuning' });
	double.addSession('abc', 0);
	double.print('abc', 'step 1');
	const home = temporaryDirectory();
	writeFileSync(
		join(home, '.trussrc'),
		`[work]\nremote_url=${double.url}\napi_key=${double.key}\n`,
		{
			mode: 0o600,
		},
	);
	const env = { PATH: process.env['PATH'], HOME: home, BASETEN_BASE_URL: double.url };
	const signalbox = (...words: string[]) =>
		run(process.execPath, [program, ...words, '--remote', 'work'], { env });
	expect((await signalbox('jobs')).stdout).toMatch(/abc +tuning +llm +RUNNING/);
	const status = await signalbox('status', 'abc');
	expect(status.stdout).toMatch(/0 +g00r0 +ssh +– +active/);
	expect(status.stdout).toMatch(/\nNODE +TUNNEL +CODE .*\n0 +– +– +– +– +\/b10\/workspace\n/);
	expect((await signalbox('logs', 'abc')).stdout).toContain('step 1');
	const extended = await signalbox('extend', 'abc', '--minutes', '30');
	expect(extended).toMatchObject({ code: 0 });
	expect((await signalbox('stop', 'abc')).code).toBe(0);
	expect(double.jobs.get('abc')?.job.current_status).toBe('TRAINING_JOB_STOPPED');
	const tail = await signalbox('logs', 'abc', '--tail');
	expect(tail.stdout).toContain('step 1');
	expect(tail.code).toBe(1);
	expect(new Set(double.authorizations)).toEqual(new Set([`Api-Key ${double.key}`]));

	double.addJob('two');
	double.addSession('two', 0);
	double.addSession('two', 1);
	double.faults.push({
		match: /^PATCH .*s1$/,
		fault: { status: 400, body: { message: 'not now' } },
	});
	const half = await signalbox('extend', 'two', '--minutes', '30');
	expect(half.code).toBe(1);
	expect(half.stdout + half.stderr).toMatch(/node 0.*\n(.*\n)*.*node 1: not now/);

	const stored = await run(
		process.execPath,
		[program, 'secret', 'set', 'pat', '--remote', 'work'],
		{ env, input: 'value' },
	);
	expect(stored).toMatchObject({ code: 0, stdout: 'stored pat\n' });
	expect((await signalbox('secret', 'list')).stdout).toMatch(/\npat +2026-11-24/);
	expect((await signalbox('secret', 'delete', 'pat')).code).toBe(0);
	const gone = await signalbox('secret', 'delete', 'pat');
	expect([gone.code, gone.stderr]).toEqual([3, 'signalbox: no secret pat\n']);

	const file = join(home, 'saved.log');
	const saved = await signalbox('logs', 'abc', '--since', '1h', '--save', file);
	expect(saved).toMatchObject({ code: 0, stdout: '', stderr: `saved 1 lines as ${file}\n` });
	expect(readFileSync(file, 'utf8')).toMatch(/ 0 step 1\n$/);
	const refused = await signalbox('logs', 'abc', '--save', join(home, 'absent', 'x'));
	expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Cannot write')]);
	expect((await signalbox('jobs', '--status', 'ended')).stdout).toContain('abc');
	expect((await signalbox('jobs', '--status', 'active')).stdout).not.toContain('abc');

	const missing = await signalbox('status', 'nope');
	expect([missing.code, missing.stderr]).toEqual([
		3,
		expect.stringContaining('There is no job nope'),
	]);
	const unknown = await run(process.execPath, [program, 'jobs', '--remote', 'x'], { env });
	expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringContaining('has no remote "x"')]);
});
