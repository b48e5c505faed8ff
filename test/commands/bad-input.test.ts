import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTestServer, testToken } from '../server/test-server.ts';
import { sampleSession } from '../store/samples.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { runCommand } from './run-command.ts';

/** One line on stderr, nothing on stdout. */
const refused = (code: number, message: string) => ({
	code,
	stdout: '',
	stderr: `signalbox: ${message}\n`,
});

describe('a command line that makes no sense', () => {
	test.each([
		['extend x --minutes 0', '--minutes 0: a session can only be extended: 1 minute or more.'],
		['extend x --minutes -5', '--minutes -5: a session can only be extended: 1 minute or more.'],
		['extend x --minutes abc', '--minutes abc: type a whole number of minutes, such as 60.'],
		[
			'extend x --minutes 99999999',
			'--minutes 99999999: at most 5256000 minutes, which is ten years.',
		],
		['extend x', 'signalbox extend needs the minutes to add: --minutes 60.'],
		['extend x --minutes', '--minutes needs a value: --minutes M.'],
		['extend x --minutes 5 --node a', '--node: "a" is no rank of a node. Give a number from 0.'],
		['trigger x on_startp', 'There is no trigger "on_startp". Did you mean on_startup?'],
		[
			'trigger x never',
			'There is no trigger "never". Use one of on_startup, on_failure, on_demand.',
		],
		['logs', 'signalbox logs needs JOB. See signalbox logs --help.'],
		['logs x --tial', 'signalbox logs has no flag --tial. Did you mean --tail?'],
		['jobs --node 1', 'signalbox jobs has no flag --node. See signalbox jobs --help.'],
		['job x', 'signalbox does not know what to do with "job". Did you mean jobs?'],
		[
			'demo extra',
			'signalbox demo does not know what to do with "extra". See signalbox demo --help.',
		],
		['stop x -- y', 'signalbox stop takes nothing after --. See signalbox stop --help.'],
		['ssh x:y', '"x:y" is no JOB or JOB:NODE, e.g. 7xk2p9c:1.'],
		['local --port 99999', '--port: "99999" is not a whole number from 0 to 65535.'],
		['jobs --url foo', '"foo" is not an http or https URL.'],
		['7xk2p9c', 'The screen needs a terminal. Without one, use signalbox logs 7xk2p9c --tail.'],
	])('%s', async (line, message) => {
		const env = { BASETEN_API_KEY: 'token' };
		expect(await runCommand(line.split(' '), env)).toEqual(refused(2, message));
	});
});

describe('a server that can not be used', () => {
	test('wrong token', async () => {
		const server = await startTestServer();
		onTestFinished(() => server.close());
		const said = await runCommand(['jobs', '--url', server.url], { BASETEN_API_KEY: 'wrong' });
		expect(said).toEqual(
			refused(
				4,
				`The server at ${server.url} refused the token. Set BASETEN_API_KEY or give --token-file.`,
			),
		);
	});

	test('no token, and a token file that is not there', async () => {
		expect(await runCommand(['jobs', '--url', 'http://127.0.0.1:9'])).toEqual(
			refused(4, 'There is no token. Set BASETEN_API_KEY or give --token-file.'),
		);
		const said = await runCommand(['jobs', '--url', 'http://127.0.0.1:9', '--token-file', '/no']);
		expect(said.code).toBe(4);
		expect(said.stderr).toContain('Cannot read the token file /no: ENOENT');
	});

	test('not reachable', async () => {
		const server = await startTestServer();
		await server.close();
		const said = await runCommand(['jobs', '--url', server.url], { BASETEN_API_KEY: 'token' });
		expect(said).toEqual(
			refused(5, `Cannot reach ${server.url}: connection refused. Is \`signalbox local\` running?`),
		);
	});
});

describe('something that is not there', () => {
	const start = async () => {
		const server = await startTestServer();
		onTestFinished(() => server.close());
		const run = (line: string) =>
			runCommand([...line.split(' '), '--url', server.url], { BASETEN_API_KEY: testToken });
		return { server, run };
	};

	test('an unknown job, with the nearest one', async () => {
		const { run } = await start();
		expect(await run('status nosuchjob')).toEqual(
			refused(3, 'There is no job nosuchjob. See signalbox jobs.'),
		);
		expect(await run('stop job2')).toEqual(refused(3, 'There is no job job2. Did you mean job1?'));
	});

	test('an unknown node', async () => {
		const { server, run } = await start();
		expect(await run('extend job1 --node 7 --minutes 5')).toEqual(
			refused(3, 'Job job1 has no node 7. Its nodes are 0 to 1.'),
		);
		expect(await run('ssh job1:7')).toEqual(
			refused(3, 'Job job1 has no node 7. It has 2, counted from 0.'),
		);
		expect(server.plane.patches).toBe(0);
	});

	test('a job that has already ended', async () => {
		const { server, run } = await start();
		server.store.updateJob('job1', { current_status: 'TRAINING_JOB_COMPLETED' });
		for (const node of [0, 1]) {
			server.store.putSession('job1', sampleSession(node, { state: 'ended' }));
		}
		expect(await run('extend job1 --minutes 5')).toEqual(
			refused(1, 'Job job1 has already ended (COMPLETED), and its sessions with it.'),
		);
	});

	test('of several sessions, those that fail are named and the others are changed', async () => {
		const { server, run } = await start();
		const { patchSession } = server.plane;
		server.plane.patchSession = async (...given) => {
			if (given[1] === 'session-1') throw new Error('no');
			return patchSession(...given);
		};
		const said = await run('extend job1 --minutes 5');
		expect(said).toMatchObject({ code: 1, stdout: 'node 0: done\n' });
		expect(said.stderr).toMatch(
			/^node 1: .+\nsignalbox: 1 of 2 sessions could not be changed\.\n$/,
		);
	});
});

describe('a job file', () => {
	const push = async (content: string) => {
		const directory = temporaryDirectory();
		const file = join(directory, 'job.yaml');
		writeFileSync(file, content);
		const data = join(directory, 'data');
		const { code, stdout, stderr } = await runCommand(['push', file, '--data-dir', data]);
		return { code, stdout, stderr: stderr.replaceAll(`${directory}/`, '') };
	};

	test.each([
		[
			'a wrong value',
			'name: x\ncompute:\n  cpu_count: 1\n  node_count: 100\n',
			'job.yaml:4: compute.node_count: must be at most 64',
		],
		[
			'a mistyped field',
			'name: x\nruntme:\n  start_commands: []\n',
			'job.yaml:2: runtme: there is no such field. Did you mean runtime?',
		],
		[
			'a place in a list',
			'runtime:\n  start_commands:\n    - echo\n    - 5\n',
			'job.yaml:4: runtime.start_commands[1]: must be a string',
		],
		[
			'the wrapped form',
			'training_job:\n  interactive_session:\n    trigger: sometimes\n',
			'job.yaml:3: interactive_session.trigger: must be "on_startup" or "on_failure" or "on_demand"',
		],
		[
			'JSON',
			'{\n  "compute": {\n    "node_count": "two"\n  }\n}\n',
			'job.yaml:3: compute.node_count: must be a number',
		],
		['no job at all', 'just words\n', 'job.yaml: must hold the fields of a job, e.g. runtime.'],
	])('%s', async (_name, content, message) => {
		expect(await push(content)).toEqual(refused(2, message));
	});

	test('broken syntax names its line', async () => {
		const said = await push('name: x\ncompute: [1, 2\n');
		expect(said.code).toBe(2);
		expect(said.stderr).toMatch(/^signalbox: job\.yaml:[23]: .+\n$/);
	});

	test('that is not there', async () => {
		const said = await runCommand(['push', '/no/job.yaml']);
		expect(said.code).toBe(3);
		expect(said.stderr).toContain('Cannot read the job file /no/job.yaml: ENOENT');
	});
});

describe('a local plane that can not be', () => {
	test('port taken', async () => {
		const holder = createServer().listen(0, '127.0.0.1');
		await once(holder, 'listening');
		onTestFinished(() => void holder.close());
		const address = holder.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		const data = join(temporaryDirectory(), 'data');
		expect(await runCommand(['local', '--port', String(port), '--data-dir', data])).toEqual(
			refused(
				1,
				`Port ${port} is in use. Stop the program that holds it, or choose another with --port.`,
			),
		);
	});

	test('a data directory that can not be written', async () => {
		const file = join(temporaryDirectory(), 'file');
		writeFileSync(file, '');
		const said = await runCommand(['jobs', '--data-dir', join(file, 'data')]);
		expect(said.code).toBe(1);
		expect(said.stderr).toMatch(
			/^signalbox: Cannot write the data directory .+\. Choose another with --data-dir\.\n$/,
		);
	});

	test('a data directory of a newer version, which is left as it is', async () => {
		const data = join(temporaryDirectory(), 'data');
		mkdirSync(data);
		expect((await runCommand(['jobs', '--data-dir', data])).code).toBe(0);
		const path = join(data, 'signalbox.db');
		const database = new DatabaseSync(path);
		database.exec('PRAGMA user_version = 99');
		database.close();
		const said = await runCommand(['jobs', '--data-dir', data]);
		expect(said.code).toBe(1);
		expect(said.stderr).toMatch(/newer/);
		const after = new DatabaseSync(path);
		expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
		after.close();
	});
});
