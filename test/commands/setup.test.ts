import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type CommandOutcome, runCommand } from './run-command.ts';

type Home = {
	readonly config: string;
	setup(...flags: string[]): Promise<CommandOutcome>;
	write(text: string): Promise<void>;
	read(): Promise<string>;
};

const openHome = async (): Promise<Home> => {
	const home = temporaryDirectory();
	const config = join(home, '.ssh', 'config');
	await mkdir(join(home, '.ssh'), { mode: 0o700 });
	const env = {
		PATH: process.env['PATH'],
		HOME: home,
		BASETEN_SSH_DIR: join(home, '.ssh/baseten'),
	};
	return {
		config,
		setup: (...flags) => runCommand(['setup', ...flags], env),
		write: (text) => writeFile(config, text, 'latin1'),
		read: () => readFile(config, 'latin1'),
	};
};

const users =
	'ServerAliveInterval 77\n\nHost *\n\tUser somebody\n# caf\xe9, no UTF-8\nHost a b\n  Port 2222';

describe('the file', () => {
	test('gets the block in front, and everything else stays byte for byte', async () => {
		const home = await openHome();
		await home.write(users);
		expect((await home.setup()).code).toBe(0);
		const text = await home.read();
		expect(text.startsWith('# --- signalbox ---\n')).toBe(true);
		expect(text.endsWith(`Match all\n# --- end signalbox ---\n\n${users}`)).toBe(true);
		expect((await home.setup('--remove')).code).toBe(0);
		expect(await home.read()).toBe(users);
	});

	test('is not touched by a second run, keeps its mode and its line ends', async () => {
		const home = await openHome();
		await home.write(users.replaceAll('\n', '\r\n'));
		await chmod(home.config, 0o640);
		await home.setup();
		const [text, { mode, ino }] = [await home.read(), await stat(home.config)];
		expect(mode & 0o777).toBe(0o640);
		expect(text.replaceAll('\r\n', '')).not.toContain('\n');
		expect((await home.setup()).stdout).toContain('nothing to change');
		expect((await stat(home.config)).ino).toBe(ino);
	});

	test('is made for its owner alone when there is none; behind a symbolic link it stays there', async () => {
		const home = await openHome();
		await home.setup();
		expect((await stat(home.config)).mode & 0o777).toBe(0o600);
		const other = await openHome();
		const real = join(temporaryDirectory(), 'dotfiles-config');
		await writeFile(real, users, 'latin1');
		await symlink(real, other.config);
		await other.setup();
		expect(await readFile(real, 'latin1')).toContain('--- signalbox ---');
	});

	test('is only looked at with --dry-run', async () => {
		const home = await openHome();
		await home.write(users);
		const { stdout, code } = await home.setup('--dry-run');
		expect(code).toBe(0);
		expect(stdout).toContain('\n+# --- signalbox ---\n');
		expect(await home.read()).toBe(users);
		await home.setup();
		expect((await home.setup('--dry-run')).stdout).toContain('nothing would change');
		const { stdout: removal } = await home.setup('--dry-run', '--remove');
		expect(removal).toContain('\n-# --- signalbox ---\n');
	});
});

test('the agent is forwarded when asked for, and stays so until told otherwise', async () => {
	const home = await openHome();
	const isForwarded = async (): Promise<boolean> =>
		(await home.read()).includes('ForwardAgent yes');
	await home.setup();
	expect(await isForwarded()).toBe(false);
	await home.setup('--forward-agent');
	expect(await isForwarded()).toBe(true);
	await home.setup();
	expect(await isForwarded()).toBe(true);
	await home.setup('--no-forward-agent');
	expect(await isForwarded()).toBe(false);
});

test.each([
	['# --- baseten-ssh ---\nMatch host training-job-*.ssh.baseten.co exec "x %n"\n', 'truss'],
	['# --- baseten-cli-ssh ---\nMatch host training-job-*.ssh.baseten.co exec "x"\n', 'baseten CLI'],
	['Host *.ssh.baseten.co\n  User me\n', 'another tool'],
])('a block of somebody else stays in charge: %s', async (text, owner) => {
	const home = await openHome();
	await home.write(text);
	const { code, stderr } = await home.setup();
	expect(code).toBe(1);
	expect(stderr).toContain(owner);
	expect(await home.read()).toBe(text);
	expect((await home.setup('--remove')).code).toBe(0);
});

test('a block without its end is left to the user', async () => {
	const home = await openHome();
	await home.write('# --- signalbox ---\nHost x\n');
	const { code, stderr } = await home.setup();
	expect(code).toBe(1);
	expect(stderr).toContain('line 1');
	expect(await home.read()).toBe('# --- signalbox ---\nHost x\n');
});
