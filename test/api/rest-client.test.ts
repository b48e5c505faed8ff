import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Api, createApi } from '../../source/api/rest-client.ts';
import { Failure } from '../../source/contract/failure.ts';
import {
	type Answer,
	answer,
	type FaultServer,
	reset,
	silence,
	startFaultServer,
} from '../faults/fault-server.ts';
import { startTestServer, type TestServer } from '../server/test-server.ts';
import { sampleJob, sampleRecords } from '../store/samples.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
	const error = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof Failure)) throw new Error(`no failure but ${String(error)}`);
	expect(error.message).not.toContain('\n');
	return error;
};

/** An API of a server with prepared answers; retries come at once, their waits are noted. */
const faulty = async (
	...answers: Answer[]
): Promise<{ api: Api; server: FaultServer; waits: number[] }> => {
	const server = await startFaultServer(...answers);
	closers.push(server.close);
	const waits: number[] = [];
	const after = (ms: number, action: () => void): (() => void) => {
		waits.push(ms);
		queueMicrotask(action);
		return () => {};
	};
	const edges = { after, random: () => 0.5 };
	return { api: createApi({ url: server.url, token: 'secret-1', edges }), server, waits };
};

let server: TestServer;
let api: Api;
beforeEach(async () => {
	server = await startTestServer();
	closers.push(server.close);
	api = createApi({ url: `${server.url}/`, token: ` ${server.token}\n` });
});

test('every call reads what the server says', async () => {
	expect(await api.serverInfo()).toMatchObject({ name: 'signalbox', plane: 'fake' });
	expect(await api.findJob('job1')).toMatchObject({ id: 'job1', training_project_id: 'proj1' });
	expect(await api.createProject('two')).toMatchObject({ id: 'project-two', name: 'two' });
	expect(await api.createJob('proj1', {})).toMatchObject({ id: 'new1' });
	expect((await api.listJobs()).map(({ id }) => id)).toEqual(['new1', 'job1']);
	expect(await api.getJob('proj1', 'job1')).toEqual(sampleJob('job1'));
	expect(await api.recreateJob('proj1', 'job1')).toMatchObject({ id: 'new2' });
	expect(await api.authCodes('proj1', 'job1')).toMatchObject([
		{ session_id: 'session-0', replica_id: 'g00r0' },
		{ session_id: 'session-1', replica_id: 'g00r1' },
	]);
	expect(
		await api.patchSession('proj1', 'job1', 'session-1', { timeout_minutes: 60 }),
	).toMatchObject({ interactive_session: { timeout_minutes: 60 }, message: 'done' });
	const request = { public_key: 'ssh-ed25519 AAAA', replica_id: '0' };
	expect(await api.signSsh('proj1', 'job1', request)).toMatchObject({ jwt: 'a.b.c' });
	await api.putSecret('key', 'hidden');
	expect(server.store.secrets.value('key')).toBe('hidden');
	server.store.append('job1', sampleRecords(1, 5));
	expect(await api.logsPage('proj1', 'job1', { before: 4, limit: 1 })).toMatchObject({
		records: [{ seq: 3 }],
		first: 1,
		last: 5,
	});
	expect(await api.stopJob('proj1', 'job1')).toMatchObject({
		current_status: 'TRAINING_JOB_STOPPED',
	});
});

test('an unknown job is named, with the exit code of things not found', async () => {
	const failure = await failureOf(api.findJob('nobody'));
	expect(failure).toMatchObject({
		kind: 'not_found',
		exitCode: 3,
		message: 'No training job found with ID: nobody',
	});
});

test('ids are encoded, so that none can reach another path', async () => {
	const { api: other, server: seen } = await faulty(answer(404));
	await failureOf(other.getJob('a/b', '../x?y'));
	expect(seen.seen[0]?.path).toBe('/v1/training_projects/a%2Fb/jobs/..%2Fx%3Fy');
});

test('a search may be answered with the bare list', async () => {
	const { api: other } = await faulty(answer(200, [sampleJob('job9')]));
	expect(await other.findJob('job9')).toMatchObject({ id: 'job9' });
});

test('a token that the server refuses', async () => {
	const failure = await failureOf(createApi({ url: server.url, token: 'wrong' }).serverInfo());
	expect(failure).toMatchObject({ kind: 'unauthorized', exitCode: 4 });
	expect(failure.message).toBe(
		`The server at ${server.url} refused the token. Set BASETEN_API_KEY or give --token-file.`,
	);
});

test.each(['two words', 'line\nbreak', 'schl\u00fcssel', ''])(
	'a token %j is never sent or shown',
	(token) => {
		const create = () => createApi({ url: server.url, token });
		expect(create).toThrow(/BASETEN_API_KEY or (give )?--token-file/);
		if (token !== '') expect(create).not.toThrow(token);
	},
);

test.each(['localhost:4000', 'ftp://x', 'nonsense', ''])('%j is no URL of a server', (url) => {
	expect(() => createApi({ url, token: 't' })).toThrow(`"${url}" is not an http or https URL.`);
});

test('a port where nobody listens', async () => {
	await server.stop();
	const failure = await failureOf(api.serverInfo());
	expect(failure).toMatchObject({
		kind: 'unreachable',
		exitCode: 5,
		message: `Cannot reach ${server.url}: connection refused. Is \`signalbox local\` running?`,
	});
});

test('a server that does not answer in time', async () => {
	const quiet = await startFaultServer(silence);
	closers.push(quiet.close);
	const impatient = createApi({ url: quiet.url, token: 't', timeoutMs: 50 });
	const failure = await failureOf(impatient.serverInfo());
	expect(failure.message).toBe(`Cannot reach ${quiet.url}: no answer in time.`);
	expect(quiet.seen).toHaveLength(1);
});

test.each([
	[400, { error: 'E', detail: 'D', message: 'M' }, 'invalid', 'E'],
	[400, { detail: 'D', message: 'M' }, 'invalid', 'D'],
	[422, { error: { nested: 1 }, message: 'M\n  more' }, 'invalid', 'M more'],
	[400, [{ message: 'first' }, 'second'], 'invalid', 'first'],
	[400, ['first', 'second'], 'invalid', 'first'],
	[400, '"text"', 'invalid', 'text'],
	[403, { error: 'Only an admin may' }, 'unauthorized', 'Only an admin may'],
	[404, { error: 'No such thing' }, 'not_found', 'No such thing'],
	[409, { message: 'It has ended' }, 'conflict', 'It has ended'],
	[404, '<html>nope</html>', 'not_found', 'URL answered 404 Not Found'],
	[400, {}, 'invalid', 'URL answered 400 Bad Request'],
] as const)('status %i with %j is shown as one line', async (status, body, kind, message) => {
	const { api: other, server: seen } = await faulty(answer(status, body));
	const failure = await failureOf(other.serverInfo());
	expect([failure.kind, failure.message]).toEqual([kind, message.replace('URL', seen.url)]);
	expect(seen.seen).toHaveLength(1);
});

test.each([
	['not JSON', '<html></html>'],
	['of another shape', { name: 'other' }],
])('an answer that is %s is not understood', async (_what, body) => {
	const { api: other } = await faulty(answer(200, body));
	const failure = await failureOf(other.serverInfo());
	expect(failure.kind).toBe('failed');
	expect(failure.message).toContain('gave an answer that signalbox does not understand:');
});

const info = { name: 'signalbox', version: '1', plane: 'p', server_time: 't' };
test.each([
	['5xx', answer(503), [125, 250]],
	['429', answer(429, { error: 'slow', retry_after: 1 }, { 'retry-after': '3' }), [3000, 3000]],
	['429 without a header', answer(429, { error: 'slow', retry_after: 2 }), [2000, 2000]],
	['a reset', reset, [125, 250]],
] as const)('a read is repeated up to twice after %s', async (_what, fault, expected) => {
	const good = await faulty(fault, fault, answer(200, info));
	expect(await good.api.serverInfo()).toMatchObject({ version: '1' });
	expect(good.waits).toEqual(expected);
	const bad = await faulty(fault);
	await failureOf(bad.api.serverInfo());
	expect(bad.server.seen).toHaveLength(3);
});

test('a search is a read, though it is a POST', async () => {
	const { api: other } = await faulty(answer(500), answer(200, { training_jobs: [] }));
	expect(await other.listJobs()).toEqual([]);
});

test.each([
	['stop', (other: Api) => other.stopJob('p', 'j')],
	['recreate', (other: Api) => other.recreateJob('p', 'j')],
	['create', (other: Api) => other.createJob('p', {})],
	['put', (other: Api) => other.putSecret('n', 'v')],
])('%s is sent once, whatever happens', async (_what, call) => {
	for (const fault of [reset, answer(503), answer(429)]) {
		const { api: other, server: seen } = await faulty(fault);
		await failureOf(call(other));
		expect(seen.seen).toHaveLength(1);
	}
});

const code = { session_id: 's', replica_id: 'r0', expires_at: '2026-11-24T20:00:00Z' };
test.each([
	['a reset', reset],
	['a 504', answer(504)],
])('when the answer to a PATCH is lost by %s, the session is read again', async (_what, fault) => {
	const { api: other, server: seen } = await faulty(fault, answer(200, { auth_codes: [code] }));
	const failure = await failureOf(other.patchSession('p', 'j', 's', { timeout_minutes: 60 }));
	expect(failure.kind).toBe('unreachable');
	expect(failure.message).toMatch(
		/^It is not known whether the time was added: .* The session now expires at 2026-11-24T20:00:00Z\.$/,
	);
	expect(seen.seen.map(({ method }) => method)).toEqual(['PATCH', 'GET']);
});

test('when nothing can be read either, the person is told to look', async () => {
	const { api: other, server: seen } = await faulty(reset);
	const patch = { timeout_minutes: 60, trigger: 'on_startup' };
	const failure = await failureOf(other.patchSession('p', 'j', 's', patch));
	expect(failure.message).toMatch(
		/^It is not known whether the time was added and the trigger was changed: .* Look at the session before you try again\.$/,
	);
	expect(seen.seen.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
});

test('a PATCH that was refused, or never sent, is told as such', async () => {
	const refused = await faulty(answer(409, { error: 'on_startup can not be changed' }));
	const call = refused.api.patchSession('p', 'j', 's', { trigger: 'on_demand' });
	expect((await failureOf(call)).message).toBe('on_startup can not be changed');
	await server.stop();
	const unsent = api.patchSession('p', 'j', 's', { timeout_minutes: 1 });
	expect((await failureOf(unsent)).message).toContain('connection refused');
	expect(server.plane.patches).toBe(0);
});
