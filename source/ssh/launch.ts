import { spawn } from 'node:child_process';
import type { SshSignReply } from '../contract/ssh.ts';
import { writeCredentials } from './credentials.ts';
import { parseSshHost } from './hostname.ts';
import { defaultKeyDirectory, ensureKeyPair } from './key-pair.ts';
import { missingTool } from './open-ssh.ts';
import { sshArguments } from './ssh-arguments.ts';

export type SshConnection = {
	/** `training-job-…ssh.baseten.co` */
	readonly hostName: string;
	/** Asks the server for a certificate; receives the public key as `<type> <base64>`. */
	readonly sign: (publicKey: string) => Promise<SshSignReply>;
	/** Program and arguments that serve as ProxyCommand, e.g. `[node, cli.js, 'ssh-proxy']`. */
	readonly proxyCommand: readonly string[];
	/** On unless told. */
	readonly forwardAgent?: boolean;
	/** A login shell unless told. */
	readonly command?: readonly string[];
	/** More arguments of ssh, e.g. `['-t']`. */
	readonly sshArguments?: readonly string[];
	/** Where key pair and credentials are kept, `~/.ssh/baseten` unless told. */
	readonly directory?: string;
	readonly env?: NodeJS.ProcessEnv;
};

/** A program to start, ready for spawn or a pseudo-terminal. */
export type SshLaunch = {
	readonly command: string;
	readonly args: readonly string[];
	readonly env: NodeJS.ProcessEnv;
};

export type TerminalExit = {
	readonly exitCode: number | null;
	readonly signal: NodeJS.Signals | null;
};

/**
 * Does all that a connection needs beforehand: key pair, certificate, files.
 * @throws Failure of the sign call, of a malformed host name or reply, or of missing tools.
 */
export const prepareSsh = async (connection: SshConnection): Promise<SshLaunch> => {
	const { hostName, sign, proxyCommand, env = process.env } = connection;
	const host = parseSshHost(hostName);
	const directory = connection.directory ?? defaultKeyDirectory(env);
	const keyPair = await ensureKeyPair(directory);
	const reply = await sign(keyPair.publicKey);
	const args = sshArguments({
		hostName,
		files: await writeCredentials(directory, host, reply),
		identity: keyPair.privateKey,
		proxyCommand,
		loginUser: reply.login_user,
		forwardAgent: connection.forwardAgent ?? true,
		extra: connection.sshArguments ?? [],
		command: connection.command ?? [],
	});
	// The override is baseten-cli's.
	return { command: env['BASETEN_SSH_BINARY_OVERRIDE'] || 'ssh', args, env };
};

/**
 * Runs a program, such as a prepared ssh, on the user's own terminal and waits for it.
 * @param abort Ends the program when it is aborted.
 * @returns how it ended; ssh passes the remote exit code on, and says 255 for its own errors
 * @throws Failure `failed` when the program is not installed.
 */
export const runOnTerminal = (
	{ command, args, env }: SshLaunch,
	abort?: AbortSignal,
): Promise<TerminalExit> => {
	// The terminal sends Ctrl-C to the whole foreground group: it is meant for the program alone.
	const ignore = (): void => {};
	process.on('SIGINT', ignore);
	const ended = new Promise<TerminalExit>((resolve, reject) => {
		const child = spawn(command, args, { env, stdio: 'inherit' });
		abort?.addEventListener('abort', () => child.kill(), { once: true });
		child.once('error', (error: NodeJS.ErrnoException) =>
			reject(error.code === 'ENOENT' ? missingTool(command, error) : error),
		);
		child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
	});
	return ended.finally(() => process.off('SIGINT', ignore));
};
