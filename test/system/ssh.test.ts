import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { awkward, LocalPlane, skipWithoutSshd, User } from '../ssh/local-node.ts';
import { run } from '../ssh/run.ts';
import { startAgent } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { openTerminal } from '../terminal/harness/open-terminal.ts';

if (skipWithoutSshd) console.warn('No sshd on this machine: install openssh-server to test SSH.');

const openNode = async () => {
	const plane = await LocalPlane.open();
	await plane.addNode('job-a', 1);
	return { plane, user: new User(plane), work: plane.workingDirectory('job-a/1') };
};

describe.skipIf(skipWithoutSshd)('a node, by ssh', () => {
	test('a command runs in the working directory, with the job environment', async () => {
		const { plane, user, work } = await openNode();
		const said = await user.ssh('job-a/1', [
			'pwd; echo $BT_NODE_RANK $SIGNALBOX_NODE; printf %s "$AWKWARD"',
		]);
		expect(said).toEqual({ code: 0, stdout: `${work}\n1 job-a/1\n${awkward}`, stderr: '' });
		expect(plane.connects).toEqual([{ job: 'job-a', node: 1 }]);
		expect(plane.refusals).toEqual([]);
	});

	test("the account's shell finds a home without start-up files before it enters the node", async () => {
		const { plane, user } = await openNode();
		const directory = plane.sshDirectory('job-a/1');
		await writeFile(join(directory, 'enter.sh'), 'echo "$HOME"; ls -A "$HOME"');
		const [home, ...files] = (await user.ssh('job-a/1', ['true'])).stdout.trim().split('\n');
		expect(home).toBe(directory);
		expect(files.filter((name) => name.startsWith('.'))).toEqual([]);
	});

	test('exit codes and both output streams come back, input goes in', async () => {
		const { user } = await openNode();
		const said = await user.ssh('job-a/1', ['cat; echo problem >&2; exit 42'], { input: 'given' });
		expect(said).toEqual({ code: 42, stdout: 'given', stderr: 'problem\n' });
	});

	test('an interactive shell in a terminal, and its end', async () => {
		const { user, work } = await openNode();
		const { command, args, env } = await user.prepare('job-a/1');
		const terminal = openTerminal({
			command,
			args,
			cols: 200,
			env: { PATH: env['PATH'] ?? '' },
		});
		onTestFinished(() => terminal.dispose());
		await terminal.waitFor(/[#$] $/m);
		terminal.type('echo "in=$PWD rank=$BT_NODE_RANK cols=$(stty size)"; tty\r');
		await terminal.waitFor(`in=${work} rank=1 cols=24 200`);
		await terminal.waitFor('/dev/pts/');
		terminal.type('exit 7\r');
		expect(await terminal.exited).toEqual({ code: 7, signal: null });
	});

	test('the agent is forwarded, and only when asked', async () => {
		const { user } = await openNode();
		const agent = await startAgent();
		await agent.add('key for the node');
		const { env } = agent;
		expect((await user.ssh('job-a/1', ['ssh-add -l'], { env })).stdout).toMatch(
			/^256 SHA256:\S+ key for the node \(ED25519\)\n$/,
		);
		const without = await user.ssh('job-a/1', ['ssh-add -l'], { env, forwardAgent: false });
		expect(without.code).toBe(2);
	});

	test('many agent keys do not keep the certificate from being tried', async () => {
		const { user } = await openNode();
		const agent = await startAgent();
		for (let key = 0; key < 8; key++) await agent.add(`key-${key}`);
		const said = await user.ssh('job-a/1', ['ssh-add -l | wc -l'], { env: agent.env });
		expect(said).toMatchObject({ code: 0, stdout: '8\n' });
	});

	test('large output arrives whole', async () => {
		const { user } = await openNode();
		const said = await user.ssh('job-a/1', ['head -c 20000000 /dev/zero | tr "\\0" x; cat'], {
			input: 'y'.repeat(3_000_000),
		});
		expect(said.stdout.length).toBe(23_000_000);
		expect(said.stdout.endsWith('xy'.padEnd(3_000_001, 'y'))).toBe(true);
	});

	test('connections at the same time, also to other nodes, do not disturb each other', async () => {
		const { plane, user } = await openNode();
		await plane.addNode('job-a', 0);
		const nodes = ['job-a/0', 'job-a/1', 'job-a/0', 'job-a/1', 'job-a/0', 'job-a/1'];
		const said = await Promise.all(nodes.map((node) => user.ssh(node, ['echo $SIGNALBOX_NODE'])));
		expect(said.map(({ stdout, stderr }) => stdout.trim() + stderr)).toEqual(nodes);
	});
});

describe.skipIf(skipWithoutSshd)('transfers', () => {
	const content = 'some\0bytes\n'.repeat(5000);
	const openTransfer = async () => {
		const node = await openNode();
		const local = join(temporaryDirectory(), 'local');
		await writeFile(local, content);
		return { ...node, ...(await node.user.transfer('job-a/1')), local };
	};

	test.each([
		['by sftp', []],
		['by the old protocol', ['-O']],
	] as const)('scp %s, both ways', async (_, protocol) => {
		const { host, options, local, work } = await openTransfer();
		const up = await run('scp', [...protocol, ...options, local, `${host}:there`]);
		expect(up).toMatchObject({ code: 0, stderr: '' });
		expect(await readFile(join(work, 'there'), 'utf8')).toBe(content);
		const down = await run('scp', [...protocol, ...options, `${host}:there`, `${local}.back`]);
		expect(down).toMatchObject({ code: 0, stderr: '' });
		expect(await readFile(`${local}.back`, 'utf8')).toBe(content);
	});

	test('sftp starts in the working directory', async () => {
		const { host, options, local, work } = await openTransfer();
		const said = await run('sftp', [...options, '-b', '-', host], {
			input: `pwd\nput "${local}" there\n`,
		});
		expect(said).toMatchObject({ code: 0, stderr: '' });
		expect(said.stdout).toContain(`Remote working directory: ${work}`);
		expect(await readFile(join(work, 'there'), 'utf8')).toBe(content);
	});

	test('rsync', async (context) => {
		const installed = await run('rsync', ['--version']).catch(() => null);
		if (installed === null && process.env['CI'] === undefined) context.skip('no rsync here');
		const { host, wrapper, local, work } = await openTransfer();
		const said = await run('rsync', ['-az', '-e', wrapper, local, `${host}:there`]);
		expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(await readFile(join(work, 'there'), 'utf8')).toBe(content);
	});

	test('a port of the node is reached from here', async () => {
		const { user } = await openNode();
		const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
		onTestFinished(() => void echo.close());
		await new Promise((resolve) => echo.once('listening', resolve));
		const address = echo.address();
		if (address === null || typeof address === 'string') throw new Error('no port');
		const said = await user.ssh('job-a/1', [], {
			sshArguments: ['-W', `127.0.0.1:${address.port}`],
			input: 'through the node',
		});
		expect(said).toEqual({ code: 0, stdout: 'through the node', stderr: '' });
	});
});
