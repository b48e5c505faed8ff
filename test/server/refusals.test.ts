import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Failure } from '../../source/contract/failure.ts';
import { startServer } from '../../source/server/server.ts';
import { startTestServer, type TestServer, testJobPath } from './test-server.ts';

let server: TestServer;
let lines: string[];
beforeEach(async () => {
	lines = [];
	server = await startTestServer({ log: (line) => lines.push(line) });
});
afterEach(() => server.close());

/** Status and text of a refusal, whose two keys must agree. */
const refusal = async (response: Response): Promise<[number, string]> => {
	const body = (await response.json()) as { error: string; message: string };
	expect(body.error).toBe(body.message);
	expect(body.error).not.toContain('\n');
	return [response.status, body.message];
};
const refused = async (method: string, path: string, body?: unknown) =>
	refusal(await server.request(method, path, body));

test.each(['/v1/signalbox', testJobPath, `${testJobPath}/logs/stream`, '/no/such/path'])(
	'%s wants the token',
	async (path) => {
		const send = (headers: Record<string, string>) => fetch(`${server.url}${path}`, { headers });
		const bare = await send({});
		expect(bare.headers.get('www-authenticate')).toBe('Bearer');
		expect(await refusal(bare)).toEqual([
			401,
			'This server wants a token: send "Authorization: Bearer TOKEN".',
		]);
		for (const authorization of ['Bearer wrong', 'Api-Key wrong', `Bearer ${server.token}x`]) {
			expect(await refusal(await send({ authorization }))).toEqual([
				401,
				'The server does not know this token.',
			]);
		}
	},
);

test.each(['Bearer', 'Api-Key', 'bearer'])('the token passes as %s', async (scheme) => {
	const headers = { authorization: `${scheme} ${server.token}` };
	expect((await fetch(`${server.url}/v1/signalbox`, { headers })).status).toBe(200);
});

test('things that are not there', async () => {
	expect(await refused('GET', '/v1/training_projects/nope')).toEqual([
		404,
		'No training project found with ID: nope',
	]);
	expect(await refused('GET', '/v1/training_projects/proj1/jobs/nope')).toEqual([
		404,
		'No training job found with ID: nope',
	]);
	expect(await refused('GET', '/v1/training_projects/other/jobs/job1/logs/stream')).toEqual([
		404,
		'No training job found with ID: job1 in project other',
	]);
	expect(await refused('GET', '/v2/x')).toEqual([404, 'There is no path /v2/x here.']);
	expect(
		await refused('PATCH', `${testJobPath}/interactive_sessions/x`, { timeout_minutes: 1 }),
	).toEqual([404, 'No session found with ID: x']);
});

test('a method that a path does not take', async () => {
	const response = await server.request('DELETE', '/v1/training_jobs/search');
	expect(response.headers.get('allow')).toBe('POST');
	expect(await refusal(response)).toEqual([405, '/v1/training_jobs/search takes POST only.']);
});

test.each([
	['{"training_job": ', 'The request body is not valid JSON.'],
	['{}', 'training_job: is missing'],
	['[]', 'The value must be an object'],
	['{"training_job": {"compute": {"node_count": 65}}}', 'compute.node_count: must be at most 64'],
	['{"training_job": {"compute": {"node_count": "2"}}}', 'compute.node_count: must be a number'],
])('a bad job %s', async (body, message) => {
	expect(await refused('POST', '/v1/training_projects/proj1/jobs', body)).toEqual([400, message]);
});

const week = 7 * 24 * 3_600_000;
test.each([
	['logs?limit=1001', 'limit: must be at most 1000'],
	['logs?direction=up', 'direction: must be "asc" or "desc"'],
	[
		'logs?start_epoch_millis=5&end_epoch_millis=4',
		'start_epoch_millis: must not be after end_epoch_millis',
	],
	[
		`logs?start_epoch_millis=0&end_epoch_millis=${week + 1}`,
		'start_epoch_millis: the window must not be longer than 7 days',
	],
	['logs/page?before=1&after=1', 'before: can not be combined with after'],
	['logs/page?limit=0', 'limit: must be at least 1'],
	['logs/stream?tail=-1', 'tail: must be a whole number from 0 to 100000'],
	['logs/stream?tail=100001', 'tail: must be a whole number from 0 to 100000'],
	[
		'logs/stream?last_event_id=x',
		'Last-Event-ID: must be a whole number from 0 to 9007199254740991',
	],
])('a bad query %s', async (query, message) => {
	expect(await refused('GET', `${testJobPath}/${query}`)).toEqual([400, message]);
});

test('a window of exactly 7 days is answered', async () => {
	const query = `logs?start_epoch_millis=0&end_epoch_millis=${week}`;
	expect((await server.request('GET', `${testJobPath}/${query}`)).status).toBe(200);
});

test('a body beyond the limit, with its length announced and without', async () => {
	const body = JSON.stringify({ name: 'x', value: 'y'.repeat(1024 * 1024) });
	const message = 'The request body is larger than 1 MiB.';
	expect(await refused('POST', '/v1/secrets', body)).toEqual([413, message]);

	const chunked = request(`${server.url}/v1/secrets`, {
		method: 'POST',
		headers: { authorization: `Bearer ${server.token}`, 'transfer-encoding': 'chunked' },
	});
	chunked.on('error', () => {});
	const answered = new Promise<[number | undefined, unknown]>((resolve) => {
		chunked.on('response', async (response) =>
			resolve([response.statusCode, await json(response)]),
		);
	});
	chunked.end(body);
	expect(await answered).toEqual([413, { error: message, message }]);
});

test('a chunked body below the limit is read', async () => {
	const response = await fetch(`${server.url}/v1/secrets`, {
		method: 'POST',
		headers: { authorization: `Bearer ${server.token}` },
		body: new Blob(['{"name":"key",', '"value":"x"}']).stream(),
		duplex: 'half',
	});
	expect([response.status, await response.json()]).toMatchObject([200, { name: 'key' }]);
});

test.each([
	['usage', 400],
	['invalid', 400],
	['unauthorized', 401],
	['not_found', 404],
	['conflict', 409],
	['unreachable', 502],
	['failed', 500],
] as const)('a failure of kind %s is answered with %i', async (kind, status) => {
	server.plane.failWith = new Failure(kind, 'why not');
	expect(await refused('POST', `${testJobPath}/stop`, {})).toEqual([status, 'why not']);
	expect(lines).toEqual([]);
});

test('a fault of the server is answered without its stack, which the log gets', async () => {
	server.plane.failWith = new TypeError('x is\n  not y');
	expect(await refused('POST', `${testJobPath}/stop`, {})).toEqual([
		500,
		'Internal error: x is not y',
	]);
	expect(lines).toHaveLength(1);
	expect(lines[0]).toMatch(/^POST .*\/stop failed: TypeError: x is\n.*\n\s+at /);
});

test('a port that is taken is named', async () => {
	const port = Number(new URL(server.url).port);
	const { store, plane } = server;
	await expect(startServer({ store, plane, token: 't', port })).rejects.toThrow(
		`Port ${port} is in use. Stop the program that holds it, or choose another with --port.`,
	);
});
