import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleMs, sampleRecords, sampleSession } from '../store/samples.ts';
import { startTestServer, type TestServer, testJobPath } from './test-server.ts';

let server: TestServer;
beforeEach(async () => {
	server = await startTestServer({ version: '1.2.3' });
});
afterEach(() => server.close());

const reply = async (method: string, path: string, body?: unknown): Promise<unknown> => {
	const response = await server.request(method, path, body);
	expect(response.status).toBe(200);
	return response.json();
};

test('the server tells its name, version and plane', async () => {
	expect(await reply('GET', '/v1/signalbox')).toEqual({
		name: 'signalbox',
		version: '1.2.3',
		plane: 'fake',
		server_time: new Date(sampleMs).toISOString(),
	});
});

test('projects: upsert with and without a team, list, get', async () => {
	const body = { training_project: { name: 'second' } };
	const created = { training_project: { id: 'project-second', name: 'second' } };
	expect(await reply('POST', '/v1/training_projects', body)).toMatchObject(created);
	expect(await reply('POST', '/v1/teams/any/training_projects', body)).toMatchObject(created);
	expect(await reply('GET', '/v1/training_projects/project-second')).toMatchObject(created);
	const { training_projects } = (await reply('GET', '/v1/training_projects')) as {
		training_projects: { id: string }[];
	};
	expect(training_projects.map(({ id }) => id).sort()).toEqual(['proj1', 'project-second']);
});

test('jobs: create, list, get, search, stop, recreate', async () => {
	const created = { training_job: { id: 'new1', training_project_id: 'proj1' } };
	expect(
		await reply('POST', '/v1/training_projects/proj1/jobs', { training_job: {} }),
	).toMatchObject(created);
	expect(await reply('GET', '/v1/training_projects/proj1/jobs')).toMatchObject({
		training_project: { id: 'proj1' },
		training_jobs: [{ id: 'new1' }, { id: 'job1' }],
	});
	expect(await reply('GET', testJobPath)).toMatchObject({
		training_project: { id: 'proj1' },
		training_job: { id: 'job1' },
	});
	expect(await reply('POST', '/v1/training_jobs/search', { job_id: 'job1' })).toMatchObject({
		training_jobs: [{ id: 'job1', training_project_id: 'proj1' }],
	});
	expect(await reply('POST', '/v1/training_jobs/search', { job_id: 'nobody' })).toEqual({
		training_jobs: [],
	});
	expect(await reply('POST', `${testJobPath}/stop`, {})).toMatchObject({
		training_job: { id: 'job1', current_status: 'TRAINING_JOB_STOPPED' },
	});
	expect(await reply('POST', `${testJobPath}/recreate`, {})).toMatchObject({
		training_job: { id: 'new2' },
	});
});

test('auth codes list live sessions only, with empty codes for ssh', async () => {
	server.store.putSession('job1', sampleSession(1, { state: 'expired' }));
	server.store.putSession('job1', sampleSession(2, { session_id: null }));
	server.store.putSession('job1', sampleSession(3, { state: 'ended' }));
	const waiting = { state: 'waiting', auth_code: 'AB12', auth_url: 'https://x.test' } as const;
	server.store.putSession('job1', sampleSession(4, waiting));
	const { auth_codes } = (await reply('GET', `${testJobPath}/auth_codes`)) as {
		auth_codes: unknown[];
	};
	expect(auth_codes).toEqual([
		{
			session_id: 'session-0',
			replica_id: 'g00r0',
			auth_code: '',
			auth_url: '',
			generated_at: null,
			tunnel_name: null,
			expires_at: '2026-11-24T20:00:00.000Z',
			working_directory: null,
		},
		expect.objectContaining({ session_id: 'session-4', auth_code: 'AB12' }),
	]);
});

test('a session is patched once, and an ssh key is signed', async () => {
	const path = `${testJobPath}/interactive_sessions/session-0`;
	expect(await reply('PATCH', path, { timeout_minutes: 60 })).toMatchObject({
		interactive_session: { id: 'session-0', timeout_minutes: 60 },
		message: 'done',
	});
	expect(server.plane.patches).toBe(1);
	const request = { public_key: 'ssh-ed25519 AAAA', replica_id: '0' };
	expect(await reply('POST', `${testJobPath}/ssh/sign`, request)).toMatchObject({
		ssh_certificate: 'certificate of ssh-ed25519 AAAA',
	});
});

test('secrets are listed without values, for the team of any name too', async () => {
	const secret = { name: 'key', value: 'hidden' };
	for (const path of ['/v1/secrets', '/v1/teams/any/secrets']) {
		expect(await reply('POST', path, secret)).toMatchObject({ name: 'key', team_name: null });
		const listed = await reply('GET', path);
		expect(listed).toMatchObject({ secrets: [{ name: 'key' }] });
		expect(JSON.stringify(listed)).not.toContain('hidden');
	}
	expect(await reply('DELETE', '/v1/secrets/key')).toEqual({ name: 'key' });
	expect((await server.request('DELETE', '/v1/secrets/key')).status).toBe(404);
});

type Logs = { logs: { message: string; timestamp: string }[] };
const messages = async (method: string, query: string, body?: unknown): Promise<string[]> => {
	const { logs } = (await reply(method, `${testJobPath}/logs${query}`, body)) as Logs;
	return logs.map(({ message }) => message);
};

test('logs by time: the last 30 minutes, newest first, 500, unless asked otherwise', async () => {
	const old = sampleRecords(1, 1).map((record) => ({
		...record,
		message: 'too old',
		timestamp: String(BigInt(sampleMs - 31 * 60_000) * 1_000_000n),
	}));
	// All within the very ms that the clock of the server shows.
	server.store.append('job1', [...old, ...sampleRecords(1, 600)]);
	const newest = await messages('GET', '');
	expect([newest.length, newest[0], newest.at(-1)]).toEqual([500, 'line 600', 'line 101']);
	expect(await messages('GET', '?direction=asc&limit=2')).toEqual(['line 1', 'line 2']);
	expect(await messages('POST', '', { direction: 'asc', limit: 1 })).toEqual(['line 1']);
	expect(await messages('POST', '')).toHaveLength(500);
	const start = sampleMs - 60 * 60_000;
	expect(await messages('GET', `?direction=asc&limit=1&start_epoch_millis=${start}`)).toEqual([
		'too old',
	]);
	expect(await messages('GET', '?min_level=ERROR')).toEqual([]);
	const end = sampleMs - 30 * 60_000;
	expect(await messages('GET', `?end_epoch_millis=${end}`)).toEqual(['too old']);
});

test('a log of the training API has no cursor', async () => {
	server.store.append('job1', sampleRecords(1, 1));
	expect(await reply('GET', `${testJobPath}/logs`)).toEqual({
		logs: [
			{
				timestamp: `${sampleMs}001000`,
				message: 'line 1',
				replica: '1',
				request_id: null,
				level: 'INFO',
			},
		],
	});
});

test('pages by cursor carry the bounds', async () => {
	server.store.append('job1', sampleRecords(1, 10));
	const page = async (query: string): Promise<[number[], number, number]> => {
		const { records, first, last } = (await reply('GET', `${testJobPath}/logs/page?${query}`)) as {
			records: { seq: number }[];
			first: number;
			last: number;
		};
		return [records.map(({ seq }) => seq), first, last];
	};
	expect(await page('before=4&limit=2')).toEqual([[2, 3], 1, 10]);
	expect(await page('after=8')).toEqual([[9, 10], 1, 10]);
	expect(await page('limit=1')).toEqual([[10], 1, 10]);
	expect(await page('before=0')).toEqual([[], 1, 10]);
});
