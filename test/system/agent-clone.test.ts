import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LocalPlane, skipWithoutSshd, User } from '../ssh/local-node.ts';
import { run } from '../ssh/run.ts';
import { startAgent } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startGitHost } from './git-ssh-server.ts';

/** No key but the agent's may open the git host. */
const clone = (url: string): string =>
	`rm -rf code; GIT_SSH_COMMAND="ssh -F none -o IdentityFile=none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null" git clone -q ${url} code && cat code/code.txt`;

const openSite = async () => {
	const agent = await startAgent();
	await agent.add('key of the user');
	const { stdout: key } = await run('ssh-add', ['-L'], { env: agent.env });
	const url = await startGitHost(key);
	const plane = await LocalPlane.open();
	await plane.addNode('mine', 0);
	return { agent, url, plane, user: new User(plane) };
};

describe.skipIf(skipWithoutSshd)('a private clone inside a node', () => {
	test("works with the user's agent and fails without", async () => {
		const { agent, url, user } = await openSite();
		const inside = await user.ssh('mine/0', [clone(url)], { env: agent.env });
		expect(inside.stdout, inside.stderr).toBe('the private code\n');
		expect(inside.code).toBe(0);

		const without = await user.ssh('mine/0', [clone(url)], {
			env: agent.env,
			forwardAgent: false,
		});
		expect(without).toMatchObject({ code: 128, stdout: '' });
		expect(without.stderr).toContain('Permission denied (publickey');

		const { SSH_AUTH_SOCK: _none, ...noAgent } = agent.env;
		const unreachable = await user.ssh('mine/0', [clone(url)], { env: noAgent });
		expect(unreachable.code).toBe(128);
	});

	test('a shared connection that was opened without the agent is passed by', async () => {
		const { agent, url, user } = await openSite();
		const folder = temporaryDirectory();
		const config = join(folder, 'config');
		const socket = join(folder, 'master');
		writeFileSync(
			config,
			`Host *\n    ControlMaster auto\n    ControlPath ${socket}\n    ControlPersist 60\n    ForwardAgent no\n`,
		);
		const { args, env } = await user.prepare('mine/0', { env: agent.env });
		const host = args.at(-1) ?? '';
		// The user's own connection: the same way in, with what their file says of sharing.
		const ownOptions = args.slice(2, -1).filter((word, index, all) => {
			const isSharing = (text = ''): boolean => /^Control(Master|Path)=/.test(text);
			return word !== '-A' && !isSharing(word) && !(word === '-o' && isSharing(all[index + 1]));
		});
		const own = ['-F', config, '-a', ...ownOptions, host];
		onTestFinished(() => void run('ssh', ['-O', 'exit', ...own], { env }));
		expect(await run('ssh', [...own, 'ssh-add -l'], { env })).toMatchObject({ code: 2 });
		expect((await run('ssh', ['-O', 'check', ...own], { env })).stderr).toContain('Master running');
		// The trap is real: plain ssh with -A goes through the shared connection, without an agent.
		expect(await run('ssh', ['-A', ...own, 'ssh-add -l'], { env })).toMatchObject({ code: 2 });

		const inside = await user.ssh('mine/0', [clone(url)], {
			env: agent.env,
			sshArguments: ['-F', config],
		});
		expect(inside.stdout, inside.stderr).toBe('the private code\n');
	});
});
