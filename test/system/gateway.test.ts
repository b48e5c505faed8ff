import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createApi } from '../../source/api/rest-client.ts';
import { openLogFeed } from '../../source/client/log-feed.ts';
import type { LogRecord } from '../../source/contract/log.ts';
import { freePort } from '../../source/planes/local/free-port.ts';
import { findProgram } from '../../source/ssh/find-program.ts';
import type { BasetenDouble } from '../double/baseten-double.ts';
import { openDouble } from '../double/open-double.ts';
import { program } from '../program/start-local.ts';
import { until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const tokens = { ana: 'token-of-ana-1234567', bob: 'token-of-bob-1234567' };

/** `signalbox serve` in a process of its own, before a double. */
const openGateway = async (double: BasetenDouble) => {
	const home = temporaryDirectory();
	const viewers = join(home, 'team.yaml');
	writeFileSync(
		viewers,
		`- {name: ana, token: ${tokens.ana}, access: read}\n- {name: bob, token: ${tokens.bob}, access: full}\n`,
		{ mode: 0o600 },
	);
	const env = {
		PATH: process.env['PATH'],
		HOME: home,
		SIGNALBOX_DATA_DIR: join(home, 'data'),
		BASETEN_API_KEY: double.key,
		BASETEN_BASE_URL: double.url,
	};
	const port = await freePort();
	const words = [
		'serve',
		'--remote',
		'env',
		'--json',
		'--port',
		String(port),
		'--viewers',
		viewers,
	];
	const log: string[] = [];
	const start = async () => {
		const child = spawn(process.execPath, [program, ...words], {
			env,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		createInterface(child.stderr).on('line', (line) => void log.push(line));
		await once(createInterface(child.stdout), 'line');
		return child;
	};
	let child = await start();
	const stop = async (): Promise<void> => {
		child.kill();
		await once(child, 'exit');
	};
	onTestFinished(stop);
	return {
		url: `http://127.0.0.1:${port}`,
		log,
		restart: async () => {
			await stop();
			child = await start();
		},
	};
};

const watch = (url: string, token: string, tail = 100) => {
	const records: LogRecord[] = [];
	const gaps: unknown[] = [];
	const feed = openLogFeed({
		url,
		token,
		projectId: 'proj1',
		jobId: 'abc',
		tail,
		onRecords: (batch) => void records.push(...batch),
		onGap: (gap) => void gaps.push(gap),
		onState: () => {},
	});
	onTestFinished(() => feed.close());
	return { records, gaps, close: () => feed.close() };
};

const messages = (records: readonly LogRecord[]): string[] => records.map(({ message }) => message);

describe('a gateway', () => {
	test('who may only read sees everything and changes nothing; actions are logged by name', async () => {
		const double = await openDouble();
		double.addJob('abc');
		double.addSession('abc', 0);
		const { url, log } = await openGateway(double);
		const ana = createApi({ url, token: tokens.ana });
		const bob = createApi({ url, token: tokens.bob });
		expect(await ana.listJobs()).toMatchObject([{ id: 'abc' }]);
		expect(await ana.authCodes('proj1', 'abc')).toMatchObject([{ session_id: 's0' }]);
		await expect(
			ana.patchSession('proj1', 'abc', 's0', { timeout_minutes: 5 }),
		).rejects.toMatchObject({ kind: 'unauthorized', message: 'The token of ana may only read.' });
		await expect(
			ana.signSsh('proj1', 'abc', { public_key: 'x', replica_id: '0' }),
		).rejects.toMatchObject({ kind: 'unauthorized' });
		expect(double.requests.some((line) => /PATCH|sign/.test(line))).toBe(false);
		await bob.patchSession('proj1', 'abc', 's0', { timeout_minutes: 5 });
		await expect(createApi({ url, token: 'x'.repeat(20) }).listJobs()).rejects.toThrow('token');
		await until(() => log.length === 3);
		expect(log[0]).toMatch(/Z ana may only read: refused PATCH .*\/interactive_sessions\/s0$/);
		expect(log[2]).toMatch(/Z bob: PATCH .*\/interactive_sessions\/s0 -> 200$/);
		expect(log.join('\n')).not.toMatch(/token-of|baseten-key/);
	});

	test('200 viewers cost Baseten no more than one', async () => {
		const double = await openDouble();
		double.addJob('abc');
		const { url } = await openGateway(double);
		const perSecond = async (): Promise<number> => {
			const before = double.requests.length;
			const start = Date.now();
			await until(() => Date.now() - start > 3_000);
			return (double.requests.length - before) / 3;
		};
		const first = watch(url, tokens.ana);
		double.print('abc', 'one');
		await until(() => first.records.length === 1);
		const alone = await perSecond();
		const many = Array.from({ length: 199 }, () => watch(url, tokens.ana));
		await until(() => many.every(({ records }) => records.length === 1));
		expect(await perSecond()).toBeLessThan(alone * 2 + 3);
		for (let n = 0; n < 50; n += 1) double.print('abc', `line ${n}`);
		const all = [first, ...many];
		await until(() => all.every(({ records }) => records.length === 51));
		for (const { records } of all) expect(messages(records)).toEqual(messages(first.records));
	});

	test('a viewer that reads nothing holds nobody up', async () => {
		const double = await openDouble();
		double.addJob('abc');
		const { url } = await openGateway(double);
		const { hostname, port } = new URL(url);
		const stuck = connect(Number(port), hostname).pause();
		onTestFinished(() => void stuck.destroy());
		stuck.write(
			`GET /v1/training_projects/proj1/jobs/abc/logs/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.ana}\r\n\r\n`,
		);
		double.print('abc', 'first');
		const { records } = watch(url, tokens.bob, 10);
		await until(() => records.length === 1);
		const long = 'x'.repeat(2_000);
		for (let n = 0; n < 8_000; n += 1) {
			double.print('abc', `${n} ${long}`);
			// Of one ms, the API shows two pages at most.
			if (n % 500 === 0) await delay(2);
		}
		await expect.poll(() => records.length, { timeout: 30_000 }).toBe(8_001);
		expect(new Set(messages(records)).size).toBe(8_001);
		expect(stuck.readableLength).toBeLessThan(200_000);
	}, 40_000);

	test('after a restart viewers go on where they were', async () => {
		const double = await openDouble();
		double.addJob('abc');
		const { url, restart } = await openGateway(double);
		const { records, gaps } = watch(url, tokens.ana);
		double.print('abc', 'before');
		await until(() => records.length === 1);
		double.print('abc', 'meanwhile');
		await restart();
		double.print('abc', 'after');
		await until(() => records.length === 3);
		expect(messages(records)).toEqual(['before', 'meanwhile', 'after']);
		expect(gaps).toEqual([]);
	});

	test('a job is read only while somebody watches', async () => {
		const double = await openDouble();
		double.addJob('abc');
		const { url } = await openGateway(double);
		await createApi({ url, token: tokens.ana }).findJob('abc');
		const before = double.requests.filter((line) => line.endsWith('/logs')).length;
		expect(before).toBe(0);
		watch(url, tokens.ana);
		await until(() => double.requests.some((line) => line.endsWith('/logs')));
	});
});

const nginx = findProgram('nginx', [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin']);

test.skipIf(nginx === undefined && process.env['CI'] === undefined)(
	'behind nginx lines come at once, and a quiet feed stays open',
	async () => {
		const double = await openDouble();
		double.addJob('abc');
		const { url } = await openGateway(double);
		const folder = temporaryDirectory();
		const port = await freePort();
		writeFileSync(
			join(folder, 'nginx.conf'),
			`daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
	access_log off;
	client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
	uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
	server {
		listen 127.0.0.1:${port};
		location / { proxy_pass ${url}; proxy_http_version 1.1; proxy_read_timeout 12s; }
	}
}
`,
		);
		const child = spawn(
			nginx ?? 'nginx',
			['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
			{
				stdio: 'ignore',
			},
		);
		onTestFinished(async () => {
			child.kill();
			await once(child, 'exit');
		});
		const states: string[] = [];
		const records: LogRecord[] = [];
		const feed = openLogFeed({
			url: `http://127.0.0.1:${port}`,
			token: tokens.ana,
			projectId: 'proj1',
			jobId: 'abc',
			tail: 10,
			onRecords: (batch) => void records.push(...batch),
			onGap: () => {},
			onState: ({ state }) => void (states.at(-1) === state || states.push(state)),
		});
		onTestFinished(() => feed.close());
		await until(() => states.at(-1) === 'live');
		double.print('abc', 'first');
		await until(() => records.length === 1);
		states.length = 0;
		// Longer than nginx waits for a silent server: the heartbeat keeps it open.
		const start = Date.now();
		while (Date.now() - start < 14_000) await new Promise((resolve) => setTimeout(resolve, 100));
		double.print('abc', 'second');
		await until(() => records.length === 2);
		expect(states.filter((state) => state !== 'live')).toEqual([]);
	},
	40_000,
);
