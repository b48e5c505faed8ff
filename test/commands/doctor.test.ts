import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Check } from '../../source/commands/doctor/check.ts';
import { openLocalHost } from '../../source/commands/local-host.ts';
import { startAgent } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { runCommand } from './run-command.ts';

const token = 'very-secret-token';

/** A user with a home of their own. */
const openDesk = () => {
	const home = temporaryDirectory();
	const base = {
		HOME: home,
		PATH: process.env['PATH'],
		SIGNALBOX_DATA_DIR: join(home, 'data'),
		BASETEN_SSH_DIR: join(home, '.ssh', 'baseten'),
	};
	mkdirSync(join(home, '.ssh', 'baseten'), { recursive: true, mode: 0o700 });
	const doctor = async (env: NodeJS.ProcessEnv = {}, now?: () => number) => {
		const said = await runCommand(['doctor', '--json'], { ...base, ...env }, now);
		expect(said.stdout).not.toContain(token);
		const { ok, checks } = JSON.parse(said.stdout) as { ok: boolean; checks: Check[] };
		expect(said.code).toBe(ok ? 0 : 1);
		return (name: string): Check | undefined => checks.find((check) => check.name === name);
	};
	return { home, base, doctor };
};

/** Answers every request alike. */
const startServer = async (status: number, headers: Record<string, string> = {}) => {
	const requests: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		requests.push(request);
		response.writeHead(status, headers).end('{}');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => void server.close());
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
};

test('a bare machine is told what to do, and fails in nothing', async () => {
	const { doctor, home } = openDesk();
	const check = await doctor();
	expect(check('ssh')?.state).toBe('ok');
	expect(check('ssh agent')).toMatchObject({
		state: 'warn',
		mend: 'eval "$(ssh-agent)" && ssh-add',
	});
	expect(check('ssh config')).toMatchObject({ state: 'warn', mend: 'signalbox setup' });
	expect(check('credentials')).toMatchObject({ state: 'warn' });
	expect(check('local plane')?.text).toContain('none is running');
	expect(check('configuration')?.text).toBe(
		`none; it would be ${home}/.config/signalbox/config.yaml`,
	);
	expect(check('terminal')?.text).toContain('none here');
});

test('without OpenSSH the doctor fails', async () => {
	const { doctor } = openDesk();
	const check = await doctor({ PATH: '/nonexistent' });
	expect(check('ssh')).toMatchObject({ state: 'fail', text: 'not found' });
	expect(check('ssh-keygen')?.state).toBe('fail');
});

test('the agent is shown with its keys, or kept here', async () => {
	const { doctor, home } = openDesk();
	const agent = await startAgent();
	expect((await doctor(agent.env))('ssh agent')).toMatchObject({ state: 'warn', mend: 'ssh-add' });
	await agent.add('key of the user');
	expect((await doctor(agent.env))('ssh agent')?.text).toBe('forwards key of the user (ED25519)');
	const config = join(home, 'config.yaml');
	writeFileSync(config, 'forward_agent: false\n');
	const off = await doctor({ ...agent.env, SIGNALBOX_CONFIG: config });
	expect(off('ssh agent')?.text).toContain('stays here');
	writeFileSync(config, 'forward: x\n');
	expect((await doctor({ SIGNALBOX_CONFIG: config }))('configuration')?.state).toBe('fail');
});

describe('the ssh configuration', () => {
	test.each([
		[
			'# --- baseten-ssh ---\nMatch host training-job-*.ssh.baseten.co\n',
			'ok',
			'truss serves the nodes, line 2',
		],
		['Host *\n', 'warn', 'do not know the nodes'],
		['# --- signalbox ---\nMatch all\n', 'fail', 'has no line "# --- end signalbox ---"'],
		[
			'# --- signalbox ---\nMatch all\n# --- end signalbox ---\nHost *.ssh.baseten.co\n',
			'warn',
			'in line 4, that of another tool',
		],
	])('%j is %s', async (config, state, text) => {
		const { doctor, home } = openDesk();
		writeFileSync(join(home, '.ssh', 'config'), config);
		const check = (await doctor())('ssh config');
		expect(check?.state).toBe(state);
		expect(check?.text).toContain(text);
	});

	test('after signalbox setup all is well', async () => {
		const { doctor, base } = openDesk();
		await runCommand(['setup'], base);
		const check = await doctor();
		expect(check('ssh config')?.text).toContain('has the block of signalbox');
		expect(check('key pair')?.state).toBe('ok');
		chmodSync(join(base.BASETEN_SSH_DIR, 'id_ed25519'), 0o644);
		expect((await doctor())('key pair')).toMatchObject({ state: 'fail' });
	});
});

describe('servers', () => {
	test('a local plane that runs is reached', async () => {
		const { doctor, base } = openDesk();
		const host = await openLocalHost({ dataDirectory: base.SIGNALBOX_DATA_DIR });
		onTestFinished(() => host.close());
		const check = (await doctor())('local plane');
		expect(check?.state).toBe('ok');
		expect(check?.text).toMatch(/^http:\/\/127\.0\.0\.1:\d+ answers in \d+ ms, clocks agree$/);
	});

	test('credentials are named by their source and tried', async () => {
		const { doctor, home } = openDesk();
		const { url, requests } = await startServer(200);
		writeFileSync(
			join(home, '.trussrc'),
			`[mine]\nremote_provider=baseten\nremote_url=${url}\napi_key=${token}\n`,
			{ mode: 0o644 },
		);
		const check = await doctor({ BASETEN_BASE_URL: url });
		expect(check('credentials')?.text).toBe(`from [mine] of ${home}/.trussrc`);
		expect(check('Baseten')?.state).toBe('ok');
		expect(check('.trussrc')).toMatchObject({ state: 'warn', mend: `chmod 600 ${home}/.trussrc` });
		expect(requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
	});

	test.each([
		[401, {}, 'fail', 'refuses the token (401)'],
		[503, {}, 'fail', 'answers 503'],
		[200, { date: new Date(Date.now() + 300_000).toUTCString() }, 'warn', 'this clock is'],
		[200, { date: new Date(Date.now() - 300_000).toUTCString() }, 'warn', ' ahead'],
	])('a server that answers %i with %j', async (status, headers, state, text) => {
		const { doctor } = openDesk();
		const { url } = await startServer(status, headers);
		const check = (await doctor({ BASETEN_API_KEY: token, BASETEN_BASE_URL: url }))('Baseten');
		expect(check?.state).toBe(state);
		expect(check?.text).toContain(text);
	});

	test('a server that is not there', async () => {
		const { doctor } = openDesk();
		const env = { BASETEN_API_KEY: token, BASETEN_BASE_URL: 'http://127.0.0.1:9' };
		expect((await doctor(env))('Baseten')?.text).toMatch(
			/^http:\/\/127\.0\.0\.1:9 can not be reached: /,
		);
	});

	test('a .trussrc that can not be used', async () => {
		const { doctor, home } = openDesk();
		writeFileSync(join(home, '.trussrc'), '[a]\napi_key=x\n[b]\napi_key=y\n', { mode: 0o600 });
		expect((await doctor())('credentials')).toMatchObject({ state: 'fail' });
	});
});

test('people get aligned lines with what to do', async () => {
	const { base } = openDesk();
	const { stdout } = await runCommand(['doctor'], base);
	expect(stdout).toMatch(/^ok {4}ssh {12}OpenSSH_/);
	expect(stdout).toMatch(/\nwarn {2}ssh config {5}.*\n {21}→ signalbox setup\n/);
});
