import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program, startLocal } from '../program/start-local.ts';
import { type Outcome, run } from '../ssh/run.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startGitHttpServer } from './git-http-server.ts';

const token = "ghp_it's/a+secret%&=1234567890";

const openDesk = async () => {
	const home = temporaryDirectory();
	const repositories = join(home, 'host');
	const repository = join(repositories, 'private.git');
	mkdirSync(repository, { recursive: true });
	const git = (...words: string[]) =>
		execFileSync('git', words, {
			encoding: 'utf8',
			env: { PATH: process.env['PATH'], HOME: home, GIT_DIR: repository },
		}).trim();
	git('init', '-q', '--bare', '-b', 'main');
	const blob = execFileSync('git', ['-C', repository, 'hash-object', '-w', '--stdin'], {
		input: 'the private code\n',
		encoding: 'utf8',
	}).trim();
	const tree = execFileSync('git', ['-C', repository, 'mktree'], {
		input: `100644 blob ${blob}\tcode.txt\n`,
		encoding: 'utf8',
	}).trim();
	const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
	git('update-ref', 'refs/heads/main', git(...author, 'commit-tree', '-m', 'first', tree));
	const url = await startGitHttpServer(repositories, token);

	const data = join(home, 'data');
	const env = { PATH: process.env['PATH'], HOME: home, SIGNALBOX_DATA_DIR: data };
	const signalbox = (words: string[], input?: string): Promise<Outcome> =>
		run(process.execPath, [program, ...words], { env, ...(input === undefined ? {} : { input }) });
	const plane = await startLocal(data);
	const push = async (script: string, withToken = true): Promise<string> => {
		const file = join(home, 'job.json');
		const environment = withToken ? { GITHUB_PAT: { name: 'github_pat' } } : {};
		const runtime = { start_commands: [script], environment_variables: environment };
		writeFileSync(file, JSON.stringify({ project: 'clone', runtime }));
		const pushed = await signalbox(['push', file, '--json']);
		expect(pushed.code, pushed.stderr).toBe(0);
		return JSON.parse(pushed.stdout).id;
	};
	return { home, data, url, signalbox, plane, push };
};

/** As the readme tells it: git asks the environment, and no command line ever holds the token. */
const cloneCommand = (url: string): string =>
	`git -c credential.helper='!f() { echo username=x-access-token; echo "password=$GITHUB_PAT"; }; f' clone ${url} code`;

test('a stored token clones a private repository; without it the clone fails', async () => {
	const { url, signalbox, push } = await openDesk();
	const stored = await signalbox(['secret', 'set', 'github_pat'], `${token}\n`);
	expect(stored).toEqual({ code: 0, stdout: 'stored github_pat\n', stderr: '' });
	expect((await signalbox(['secret', 'list'])).stdout).toMatch(/^NAME +CREATED\ngithub_pat +2/);

	const clone = `export GIT_TERMINAL_PROMPT=0; ${cloneCommand(`${url}/private.git`)} && cat code/code.txt`;
	const id = await push(clone);
	const said = await signalbox(['logs', id, '--tail']);
	expect(said.stdout).toContain('the private code');
	expect(said.code).toBe(0);

	const without = await signalbox(['logs', await push(clone, false), '--tail']);
	expect(without.stdout).toContain('Authentication failed');
	expect(without.code).not.toBe(0);

	await signalbox(['secret', 'delete', 'github_pat']);
	await expect(push(clone)).rejects.toThrow('Store it first: signalbox secret set github_pat.');
});

test('the value shows nowhere, however it is printed', async () => {
	const { url, data, signalbox, plane, push } = await openDesk();
	await signalbox(['secret', 'set', 'github_pat'], token);
	const id = await push(`
set +e
echo "plain $GITHUB_PAT."
half=\${GITHUB_PAT%????????????????}
printf 'split %s' "$half"; sleep 0.4; printf '%s.\\n' "\${GITHUB_PAT#"$half"}"
node -e 'console.log("url", encodeURIComponent(process.env.GITHUB_PAT))'
node -e 'console.log("json", JSON.stringify({ a: process.env.GITHUB_PAT }))'
echo "stderr $GITHUB_PAT" >&2
GIT_TERMINAL_PROMPT=0 GIT_TRACE_REDACT=0 GIT_CURL_VERBOSE=1 ${cloneCommand(`${url}/absent.git`)}
echo "::error $GITHUB_PAT"; exit 3`);
	const tail = await signalbox(['logs', id, '--tail', '--json']);
	expect(tail.code).not.toBe(0);
	const shown = [
		tail.stdout + tail.stderr,
		...(await Promise.all(
			[
				['logs', id],
				['status', id],
				['status', id, '--json'],
				['jobs', '--json'],
				['secret', 'list', '--json'],
			].map(async (words) => Object.values(await signalbox(words)).join('\n')),
		)),
	];
	const [job] = await plane.api.listJobs();
	const base = `${plane.url}/v1/training_projects/${job?.training_project_id}/jobs/${id}`;
	for (const path of ['', '/logs', '/logs/page', '/auth_codes']) {
		const reply = await fetch(base + path, { headers: { authorization: `Bearer ${plane.token}` } });
		shown.push(await reply.text());
	}
	const everything = shown.join('\n');
	const lines = everything.split('\n');
	expect(lines).toEqual(expect.arrayContaining([expect.stringContaining('plain ***.')]));
	for (const masked of ['split ***.', 'url ***', 'stderr ***', 'error ***']) {
		expect(everything).toContain(masked);
	}
	expect(everything).toMatch(/[Aa]uthorization: Basic [A-Za-z0-9+/=]*\*\*\*/);
	const base64 = Buffer.from(`x-access-token:${token}`).toString('base64');
	for (const clear of [token, encodeURIComponent(token), base64, token.slice(5, 20)]) {
		expect(everything).not.toContain(clear);
	}

	// What is on the disk in clear is in folders of the owner alone.
	const holding = filesUnder(data).filter((path) => readFileSync(path).includes(token));
	expect(holding.length).toBeGreaterThan(0);
	for (const path of holding) {
		expect(lstatSync(path).mode & 0o077, path).toBe(0);
	}
	expect(lstatSync(data).mode & 0o077).toBe(0);
});

test('no argument of a process holds the value', async () => {
	const { signalbox, plane, push } = await openDesk();
	await signalbox(['secret', 'set', 'github_pat'], token);
	const id = await push('echo up; sleep 60');
	await expect
		.poll(async () => (await signalbox(['logs', id])).stdout, { timeout: 20_000 })
		.toContain('up');
	const { stdout } = await run('ps', ['-eo', 'args', '-ww']);
	expect(stdout).toContain('sleep 60');
	expect(stdout).not.toContain(token);
	const [job] = await plane.api.listJobs();
	await plane.api.stopJob(job?.training_project_id ?? '', id);
});

const filesUnder = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
