import { randomUUID } from 'node:crypto';
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure, messageOf } from '../contract/failure.ts';
import { type ConfigFile, configBlock, readConfig, writeConfig } from '../ssh/config-block.ts';
import { defaultKeyDirectory, ensureKeyPair, privateKeyPath } from '../ssh/key-pair.ts';
import { makePrivateDirectory, writePrivateFile } from '../ssh/private-file.ts';
import { shellWord } from '../ssh/quote.ts';
import type { CommandInput } from './command.ts';
import type { CommandEdges } from './edges.ts';
import { packageRoot } from './package-root.ts';
import { dataDirectoryOf } from './settings.ts';

/** `$BASETEN_SSH_CONFIG_PATH`, as Baseten's own tools have it, else `~/.ssh/config`. */
export const sshConfigPath = (env: NodeJS.ProcessEnv): string =>
	env['BASETEN_SSH_CONFIG_PATH'] || join(env['HOME'] || homedir(), '.ssh', 'config');

/**
 * `signalbox setup`: writes our block of `~/.ssh/config`, or takes it out.
 * @throws Failure `conflict` when another tool's block serves the same names.
 */
export const setup = async ({ flags }: CommandInput, edges: CommandEdges): Promise<number> => {
	const { env, stdout } = edges;
	const path = await realpath(sshConfigPath(env)).catch(() => sshConfigPath(env));
	const before = await readOrEmpty(path);
	const file = readConfig(before, path);
	const block = flags.remove ? null : newBlock(file, flags.forwardAgent, env, path);
	const after = writeConfig(file, block);
	if (flags.dryRun) {
		stdout.write(
			difference(path, file.block ?? [], after === before ? (file.block ?? []) : (block ?? [])),
		);
		return 0;
	}
	if (flags.remove) await rm(helperPath(env), { force: true });
	else {
		await ensureKeyPair(defaultKeyDirectory(env));
		const dataDirectory = flags.dataDir && dataDirectoryOf(flags.dataDir, edges);
		await makePrivateDirectory(dirname(helperPath(env)));
		await writePrivateFile(helperPath(env), helperScript(flags.remote, dataDirectory), 0o700);
	}
	if (after !== before) await replace(path, after);
	stdout.write(words(path, { changed: after !== before, removed: flags.remove === true, block }));
	return 0;
};

const newBlock = (
	file: ConfigFile,
	forwardAgent: boolean | undefined,
	env: NodeJS.ProcessEnv,
	path: string,
): string[] => {
	const { owner } = file;
	if (owner) {
		const agent = forwardAgent ? ' For the agent, add "ForwardAgent yes" to it.' : '';
		throw new Failure(
			'conflict',
			`${path}: the block of ${owner.name} in line ${owner.line} already serves *.ssh.baseten.co, so it stays in charge and plain ssh goes through it.${agent} signalbox itself needs no set-up.`,
		);
	}
	const directory = defaultKeyDirectory(env);
	const lines = configBlock({
		helper: helperPath(env),
		identity: privateKeyPath(directory),
		credentials: join(directory, 'signalbox'),
		localUser: userInfo().username,
		// A run that only brings the block up to date leaves the user's choice alone.
		forwardAgent:
			forwardAgent ?? file.block?.some((line) => /^\s*ForwardAgent yes/.test(line)) ?? false,
	});
	// The file is read and written byte by byte, as Latin-1.
	return lines.map((line) => Buffer.from(line, 'utf8').toString('latin1'));
};

const helperPath = (env: NodeJS.ProcessEnv): string =>
	join(defaultKeyDirectory(env), 'signalbox', 'helper');

/** Editors and cron start ssh with a PATH of their own: the script knows where we are. */
const helperScript = (remote: string | undefined, dataDirectory: string | undefined): string => {
	const [node, cli] = [process.execPath, join(packageRoot, 'dist', 'cli.js')].map(shellWord);
	const set = (name: string, value: string | undefined): string =>
		value ? `[ -n "$${name}" ] || export ${name}=${shellWord(value)}\n` : '';
	return `#!/bin/sh
# Written by "signalbox setup".
${set('SIGNALBOX_REMOTE', remote)}${set('SIGNALBOX_DATA_DIR', dataDirectory)}[ -x ${node} ] && [ -f ${cli} ] && exec ${node} ${cli} "$@"
exec signalbox "$@"
`;
};

const readOrEmpty = async (path: string): Promise<string> => {
	try {
		// Latin-1 carries every byte through, whatever the file's encoding is.
		return await readFile(path, 'latin1');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
		throw new Failure('failed', `Cannot read ${path}: ${messageOf(error)}.`, { cause: error });
	}
};

/** Puts a new file in the place of the old one, with its mode. */
const replace = async (path: string, content: string): Promise<void> => {
	const draft = `${path}.${randomUUID()}`;
	try {
		await makePrivateDirectory(dirname(path));
		const mode = await stat(path).then(
			(status) => status.mode & 0o777,
			() => 0o600,
		);
		await writeFile(draft, content, { encoding: 'latin1', mode, flag: 'wx' });
		await chmod(draft, mode);
		await rename(draft, path);
	} catch (error) {
		await rm(draft, { force: true });
		throw new Failure('failed', `Cannot write ${path}: ${messageOf(error)}. It is as it was.`, {
			cause: error,
		});
	}
};

const difference = (path: string, from: readonly string[], to: readonly string[]): string => {
	if (from.join('\n') === to.join('\n')) return `${path}: nothing would change\n`;
	const lines = [...from.map((line) => `-${line}`), ...to.map((line) => `+${line}`)];
	return [`--- ${path}`, `+++ ${path}`, ...lines, ''].join('\n');
};

const words = (
	path: string,
	{ changed, removed, block }: { changed: boolean; removed: boolean; block: string[] | null },
): string => {
	if (removed)
		return changed ? `${path}: the block is gone\n` : `${path} has no block of signalbox\n`;
	const agent = block?.some((line) => line.includes('ForwardAgent')) ? 'is' : 'is not';
	return [
		`${path}: ${changed ? 'the block is written' : 'nothing to change'}; the ssh agent ${agent} forwarded`,
		'  ssh training-job-JOB-NODE.ssh.baseten.co          a node at Baseten',
		'  ssh training-job-JOB-NODE.local.ssh.baseten.co    a node of the local plane',
		'scp, sftp, rsync, git and editors take the same names.',
		'',
	].join('\n');
};
