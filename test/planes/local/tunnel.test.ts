import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NodeSession } from '../../../source/contract/session.ts';
import { until } from '../../faults/until.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { TestPlane } from './test-plane.ts';
import { tunnelStandIn } from './tunnel-stand-in.ts';

let folder: string;
beforeEach(() => {
	folder = temporaryDirectory();
	for (const name of ['code', 'cursor']) {
		writeFileSync(join(folder, name), tunnelStandIn, { mode: 0o755 });
	}
	vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
});
afterEach(() => vi.unstubAllEnvs());

const tell = (what: string): void => appendFileSync(join(folder, what), '');
const calls = (): string[] =>
	existsSync(join(folder, 'calls'))
		? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
		: [];

const openPlane = async (
	trigger: NonNullable<NodeSession['trigger']>,
	provider = 'vs_code',
	commands = 'sleep 60',
) => {
	const plane = await TestPlane.open({ tickMs: 20 });
	const job = await plane.push(commands, {
		runtime: { environment_variables: { STAND_IN: folder } },
		interactive_session: {
			trigger: trigger as never,
			session_provider: provider as never,
			timeout_minutes: 60,
		},
	});
	const node = (): NodeSession => plane.node(job.id);
	return { plane, job, node };
};

test.each(['vs_code', 'cursor'])(
	'%s: code, login, activation, and an end at the expiry',
	async (provider) => {
		const { plane, job, node } = await openPlane('on_demand', provider);
		await until(() => node().auth_code !== null);
		expect(node()).toMatchObject({
			state: 'waiting',
			auth_code: 'AB12-0000',
			auth_url: 'https://github.com/login/device',
			generated_at: new Date(plane.nowMs).toISOString(),
			authenticated_at: null,
			tunnel_name: `bt-session-${job.id}-0`,
			ssh_host: null,
		});
		tell('grant');
		await until(() => node().state === 'active');
		expect(node()).toMatchObject({
			reason: 'someone logged in',
			auth_code: null,
			authenticated_at: new Date(plane.nowMs).toISOString(),
			expires_at: new Date(plane.nowMs + 3_600_000).toISOString(),
		});
		await until(() => calls().length === 3);
		expect(calls().map((call) => call.replace(/^\d+ /, ''))).toEqual([
			'tunnel user show',
			'tunnel user login --provider github',
			`tunnel --accept-server-license-terms --name bt-session-${job.id}-0`,
		]);
		plane.nowMs += 3_600_000;
		await until(() => node().container === 'ended');
		expect(node().state).toBe('expired');
		const [pid] = calls()[2]?.split(' ') ?? [];
		expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
	},
);

test('an editor that connects gets the whole timeout again', async () => {
	const { plane, job, node } = await openPlane('on_startup');
	tell('grant');
	await until(() => plane.lines(job.id).includes('[plane] The tunnel is open.'));
	const first = node().expires_at;
	plane.nowMs += 600_000;
	tell('connect');
	await until(() => node().expires_at !== first);
	expect(node().expires_at).toBe(new Date(plane.nowMs + 3_600_000).toISOString());
});

test('a program that dies is started again and keeps its login; an unused code is replaced', async () => {
	const { plane, node } = await openPlane('on_startup');
	await until(() => node().auth_code === 'AB12-0000');
	tell('refuse');
	await until(() => !existsSync(join(folder, 'refuse')));
	await until(() => {
		plane.nowMs += 100;
		return node().auth_code === 'AB12-0001';
	});
	tell('grant');
	await until(() => node().authenticated_at !== null);
	tell('die');
	await until(() => !existsSync(join(folder, 'die')));
	await until(() => {
		plane.nowMs += 100;
		return calls().filter((call) => call.includes('--name')).length === 2;
	});
	expect(calls().filter((call) => call.includes('user login'))).toHaveLength(2);
	expect(node().authenticated_at).not.toBeNull();
});

test('a tunnel outlives its plane and is found again', async () => {
	const { plane, job, node } = await openPlane('on_startup');
	tell('grant');
	await until(() => plane.lines(job.id).includes('[plane] The tunnel is open.'));
	const before = calls();
	await plane.restart();
	const first = node().expires_at;
	plane.nowMs += 600_000;
	tell('connect');
	await until(() => node().expires_at !== first);
	expect(calls()).toEqual(before);
	tell('die');
	await until(() => {
		plane.nowMs += 100;
		return calls().length > before.length;
	});
});

test('a machine without the program says so', async () => {
	vi.stubEnv('PATH', '/usr/bin:/bin');
	const { node } = await openPlane('on_demand', 'cursor');
	await until(() => node().reason !== null);
	expect(node()).toMatchObject({
		state: 'waiting',
		reason: 'the local plane has no program "cursor" on its PATH for tunnels',
	});
});
