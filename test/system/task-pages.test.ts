import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findNssWrapper } from '../../source/planes/local/ssh/login-names.ts';
import { findProgram } from '../../source/ssh/find-program.ts';
import { sshKeygen } from '../../source/ssh/open-ssh.ts';
import { program, startLocal } from '../program/start-local.ts';
import { skipWithoutSshd } from '../ssh/local-node.ts';
import { type Outcome, run } from '../ssh/run.ts';
import { startAgent, until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startGitHttpServer } from './git-http-server.ts';
import { startGitHost } from './git-ssh-server.ts';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'tasks');
const pages = readdirSync(folder);
const token = 'ghp_1234567890abcdef';

/** A page as one script: its commands, and in their places the files that it shows by name. */
const scriptOf = (name: string): string => {
	const text = readFileSync(join(folder, name), 'utf8');
	const parts = text.matchAll(/^```sh\n(.*?)^```|^`([\w.-]+)`:\n\n```yaml\n(.*?)^```/gms);
	return [...parts]
		.map(([, commands, path, content]) => commands ?? `cat >${path} <<'END'\n${content}END\n`)
		.join('');
};

/**
 * A user's machine on which a page can be carried out as it stands: OpenSSH's programs read this
 * home's configuration, editors note how they were called, and Baseten is the local plane.
 */
const openMachine = async () => {
	const home = temporaryDirectory();
	const bin = join(home, 'bin');
	mkdirSync(bin);
	mkdirSync(join(home, '.ssh'), { mode: 0o700 });
	writeFileSync(join(home, '.ssh', 'config'), 'Host *\n    Compression no\n');
	const put = (name: string, script: string): void =>
		writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	for (const name of ['ssh', 'scp', 'sftp']) {
		const real = findProgram(name, (process.env['PATH'] ?? '').split(':'));
		put(name, `exec ${real} -F ${home}/.ssh/config "$@"`);
	}
	put('signalbox', `exec ${process.execPath} ${program} "$@"`);
	for (const name of ['code', 'cursor']) put(name, `echo ${name} "$@" >>${home}/editors`);

	const agent = await startAgent();
	const key = join(home, '.ssh', 'id_ed25519');
	await sshKeygen('-q', '-t', 'ed25519', '-N', '', '-f', key);
	const sshUrl = await startGitHost(readFileSync(`${key}.pub`, 'utf8'));
	const repository = sshUrl.replace(/^ssh:\/\/[^/]+/, '');
	const hosted = join(home, 'hosted');
	execFileSync('git', [
		'clone',
		'-q',
		'--bare',
		repository,
		join(hosted, 'example', 'private.git'),
	]);
	const httpUrl = await startGitHttpServer(hosted, token);

	const data = join(home, 'data');
	const plane = await startLocal(data);
	const { id: project } = await plane.api.createProject('test');
	const job = await plane.api.createJob(project, {
		compute: { node_count: 2 },
		runtime: {
			start_commands: ['mkdir results; echo 1 >results/metrics.json; sleep 300'],
			environment_variables: {
				GIT_SSH_COMMAND:
					'ssh -F none -o IdentityFile=none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null',
			},
		},
		interactive_session: { trigger: 'on_demand', session_provider: 'ssh' },
	});
	await until(
		async () => (await plane.api.findJob(job.id)).current_status === 'TRAINING_JOB_RUNNING',
	);
	const desk = join(home, 'desk');
	mkdirSync(desk);
	writeFileSync(join(desk, 'train.py'), 'print("trains")\n');
	writeFileSync(join(desk, 'token.txt'), `${token}\n`);

	const own = (text: string): string =>
		text
			.replaceAll('7xk2p9c', job.id)
			.replaceAll('git@github.com:example/private.git', sshUrl)
			.replaceAll('https://github.com', httpUrl);
	const env = {
		PATH: `${bin}:${process.env['PATH']}`,
		HOME: home,
		SSH_AUTH_SOCK: agent.env['SSH_AUTH_SOCK'],
		BASETEN_SSH_DIR: join(home, '.ssh/baseten'),
		BASETEN_API_KEY: plane.token,
		BASETEN_BASE_URL: plane.url,
		SIGNALBOX_DATA_DIR: data,
		SIGNALBOX_CONFIG: join(desk, 'config.yaml'),
	};
	onTestFinished(() => void run('ssh-add', ['-D'], { env }));
	const carryOut = (page: string): Promise<Outcome> => {
		writeFileSync(join(home, 'page.sh'), `set -ex\ncd ${desk}\n${own(scriptOf(page))}`);
		return run('sh', [join(home, 'page.sh')], { env });
	};
	const read = (path: string): string => readFileSync(join(home, path), 'utf8');
	return { carryOut, read, job, plane };
};

const canRun =
	!skipWithoutSshd && (findNssWrapper() !== undefined || process.env['CI'] !== undefined);

describe.runIf(canRun)('every command of a page works', () => {
	const run = async (page: string) => {
		const machine = await openMachine();
		const { code, stdout, stderr } = await machine.carryOut(page);
		expect(code, `${stdout}\n${stderr}`).toBe(0);
		return { ...machine, stdout };
	};

	test('connect.md', async () => {
		const { stdout, read } = await run('connect.md');
		expect(stdout).toContain('rank 1\n');
		expect(read('.ssh/config')).toContain('# --- signalbox ---');
	});

	test('copy-files.md', async () => {
		const { read } = await run('copy-files.md');
		expect(read('desk/results/metrics.json')).toBe('1\n');
		expect(read('desk/metrics.json')).toBe('1\n');
	});

	test('clone-a-private-repository.md', async () => {
		const { stdout, plane } = await run('clone-a-private-repository.md');
		expect(stdout).toContain('code.txt\n');
		const id = /^pushed (\S+)$/m.exec(stdout)?.[1] ?? '';
		await until(
			async () => (await plane.api.findJob(id)).current_status === 'TRAINING_JOB_COMPLETED',
		);
	});

	test('open-an-editor.md', async () => {
		const { read, job } = await run('open-an-editor.md');
		const host = `training-job-${job.id}-0.ssh.baseten.co`;
		expect(read('editors')).toBe(
			`code --remote ssh-remote+${host} /b10/workspace
cursor --remote ssh-remote+${host} /b10/workspace
code --remote tunnel+bt-session-${job.id}-0 /b10/workspace
`,
		);
	});

	test('keep-a-session.md', async () => {
		const { plane, job } = await run('keep-a-session.md');
		await until(
			async () => (await plane.api.findJob(job.id)).current_status === 'TRAINING_JOB_STOPPED',
		);
	});

	test('no page is left out', () => {
		expect(pages.toSorted()).toEqual([
			'clone-a-private-repository.md',
			'connect.md',
			'copy-files.md',
			'find-in-the-log.md',
			'keep-a-session.md',
			'open-an-editor.md',
		]);
	});
});
