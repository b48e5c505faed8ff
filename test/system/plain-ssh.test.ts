import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TrainingJob } from '../../source/contract/training-job.ts';
import { program, startLocal } from '../program/start-local.ts';
import { skipWithoutSshd } from '../ssh/local-node.ts';
import { type Outcome, run } from '../ssh/run.ts';
import { startAgent, until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

type Machine = {
	readonly home: string;
	/** Host name of node 0. */
	readonly host: string;
	readonly job: TrainingJob;
	/** Options that make an OpenSSH program read the configuration of this home. */
	readonly config: readonly string[];
	readonly env: NodeJS.ProcessEnv;
	/** Runs an OpenSSH program, or one that starts it. */
	run(command: string, ...args: string[]): Promise<Outcome>;
	signalbox(...args: string[]): Promise<Outcome>;
};

/** A user's home on which `signalbox setup` was run, beside a local plane with a running job. */
const openMachine = async (more: NodeJS.ProcessEnv = {}): Promise<Machine> => {
	const home = temporaryDirectory();
	const data = join(home, 'data');
	const config = join(home, '.ssh', 'config');
	await mkdir(join(home, '.ssh'), { mode: 0o700 });
	const env: NodeJS.ProcessEnv = {
		...process.env,
		HOME: home,
		BASETEN_SSH_DIR: join(home, '.ssh/baseten'),
		SIGNALBOX_DATA_DIR: data,
		GIT_SSH_COMMAND: `ssh -F ${config}`,
		...more,
	};
	const local = await startLocal(data);
	const { id } = await local.api.createProject('test');
	const job = await local.api.createJob(id, {
		compute: { node_count: 2 },
		runtime: { start_commands: ['sleep 120'] },
		interactive_session: { trigger: 'on_startup', session_provider: 'ssh' },
	});
	await until(
		async () => (await local.api.findJob(job.id)).current_status === 'TRAINING_JOB_RUNNING',
	);
	const signalbox = (...args: string[]) => run(process.execPath, [program, ...args], { env });
	return {
		home,
		host: `training-job-${job.id}-0.local.ssh.baseten.co`,
		job,
		config: ['-F', config],
		env,
		run: (command, ...args) => run(command, args, { env }),
		signalbox,
	};
};

describe.skipIf(skipWithoutSshd)('after signalbox setup', () => {
	test('plain ssh, scp, sftp, rsync and git reach a node', async () => {
		const machine = await openMachine();
		const { home, host, config } = machine;
		expect(await machine.signalbox('setup')).toMatchObject({ code: 0, stderr: '' });
		expect(await machine.run('ssh', ...config, host, 'echo "rank $BT_NODE_RANK"')).toEqual({
			code: 0,
			stdout: 'rank 0\n',
			stderr: '',
		});
		await writeFile(join(home, 'weights'), 'some weights');
		const copied = await machine.run('scp', '-q', ...config, join(home, 'weights'), `${host}:one`);
		expect(copied).toMatchObject({ code: 0, stderr: '' });
		await writeFile(join(home, 'batch'), `get one ${join(home, 'two')}\n`);
		const got = await machine.run('sftp', '-q', ...config, '-b', join(home, 'batch'), host);
		expect(got).toMatchObject({ code: 0, stderr: '' });
		expect(await readFile(join(home, 'two'), 'utf8')).toBe('some weights');
		const synced = await machine.run(
			...(['rsync', '-e', `ssh ${config.join(' ')}`, `${host}:one`, join(home, 'three')] as const),
		);
		expect(synced).toMatchObject({ code: 0, stderr: '' });
		expect(await readFile(join(home, 'three'), 'utf8')).toBe('some weights');
		const made = await machine.run('ssh', ...config, host, 'git init -q --bare repository');
		expect(made).toMatchObject({ code: 0 });
		const cloned = await machine.run(
			'git',
			'clone',
			'-q',
			`${host}:repository`,
			join(home, 'work'),
		);
		expect(cloned.code, cloned.stderr).toBe(0);
	});

	test('connections at the same time, to two nodes, do not disturb each other', async () => {
		const machine = await openMachine();
		await machine.signalbox('setup');
		const outcomes = await Promise.all(
			[0, 1, 0, 1, 0, 1].map(async (rank) => {
				const host = `training-job-${machine.job.id}-${rank}.local.ssh.baseten.co`;
				return machine.run('ssh', ...machine.config, host, 'echo $BT_NODE_RANK');
			}),
		);
		expect(outcomes.map(({ stdout }) => stdout.trim())).toEqual(['0', '1', '0', '1', '0', '1']);
	});

	test('its files are closed to others, and a host key of another authority is refused', async () => {
		const machine = await openMachine();
		const { home, host, config } = machine;
		await machine.signalbox('setup');
		await machine.run('ssh', ...config, host, 'true');
		const folder = join(home, '.ssh/baseten/signalbox', host);
		for (const name of ['id-cert.pub', 'proxy.json', 'known_hosts']) {
			expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o600);
		}
		const text = await readFile(join(home, '.ssh', 'config'), 'utf8');
		const foreign = join(home, 'foreign');
		await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', foreign]);
		const names = `@cert-authority *.ssh.baseten.co ${await readFile(`${foreign}.pub`, 'utf8')}`;
		await writeFile(join(home, 'foreign_hosts'), names);
		const own = text.replace(
			/UserKnownHostsFile ".*known_hosts"/,
			`UserKnownHostsFile ${home}/foreign_hosts`,
		);
		await writeFile(join(home, 'foreign_config'), own);
		const refused = await machine.run('ssh', '-F', join(home, 'foreign_config'), host, 'true');
		expect(refused.code).toBe(255);
		expect(refused.stderr).toContain('Host key verification failed');
	});

	test('the agent reaches the node only when the block says so', async () => {
		const agent = await startAgent();
		await agent.add('the key of the user');
		const machine = await openMachine({ SSH_AUTH_SOCK: agent.env['SSH_AUTH_SOCK'] });
		await machine.signalbox('setup');
		const list = () => machine.run('ssh', ...machine.config, machine.host, 'ssh-add -l');
		expect(await list()).toMatchObject({ code: 2, stdout: '' });
		await machine.signalbox('setup', '--forward-agent');
		expect((await list()).stdout).toContain('the key of the user');
	});

	test('an error is told once, and ssh does not ask the network for the name', async () => {
		const machine = await openMachine();
		await machine.signalbox('setup');
		const nobody = 'training-job-nobody-0.local.ssh.baseten.co';
		const missing = await machine.run('ssh', ...machine.config, nobody, 'true');
		expect(missing.code).toBe(255);
		expect(missing.stderr).toContain('signalbox: job nobody was not found');
		expect(missing.stderr.match(/signalbox:/g)).toHaveLength(1);
		expect(missing.stderr).not.toMatch(/resolve/i);
		const third = `training-job-${machine.job.id}-2.local.ssh.baseten.co`;
		const { stderr } = await machine.run('ssh', ...machine.config, third, 'true');
		expect(stderr).toContain('has no node 2');
		const closed = await run('ssh', [...machine.config, machine.host, 'true'], {
			env: { ...machine.env, SIGNALBOX_DATA_DIR: join(machine.home, 'nothing') },
		});
		expect(closed.stderr).toContain('Start signalbox local');
	});

	test('a token that has grown old is renewed by the ProxyCommand', async () => {
		const machine = await openMachine();
		await machine.signalbox('setup');
		await machine.run('ssh', ...machine.config, machine.host, 'true');
		const path = join(machine.home, '.ssh/baseten/signalbox', machine.host, 'proxy.json');
		const cache = JSON.parse(await readFile(path, 'utf8'));
		const claims = Buffer.from(JSON.stringify({ exp: 1000 })).toString('base64url');
		const old = `${cache.jwt.split('.')[0]}.${claims}.AAAA`;
		await writeFile(path, JSON.stringify({ ...cache, jwt: old }));
		// Nobody signs before this ssh: the way of an editor that calls the ProxyCommand itself.
		const text = await readFile(join(machine.home, '.ssh', 'config'), 'utf8');
		await writeFile(join(machine.home, 'config'), text.replaceAll(/ exec ".*"/g, ''));
		const { stdout } = await machine.run(
			'ssh',
			'-F',
			join(machine.home, 'config'),
			machine.host,
			'echo in',
		);
		expect(stdout).toBe('in\n');
		expect(JSON.parse(await readFile(path, 'utf8')).jwt).not.toBe(old);
	});
});
