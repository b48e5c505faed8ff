import { Failure } from '../contract/failure.ts';
import { defaultLoginUser } from '../contract/ssh.ts';
import type { CredentialFiles } from './credentials.ts';
import { configWord, shellWord, withoutTokens } from './quote.ts';

export type SshArgumentsInput = {
	/** The host name as the user knows it. */
	readonly hostName: string;
	readonly files: CredentialFiles;
	/** Path of the private key. */
	readonly identity: string;
	/** Program and arguments that serve as ProxyCommand; the cache file's path is added. */
	readonly proxyCommand: readonly string[];
	readonly loginUser: string | null;
	readonly forwardAgent: boolean;
	/** More arguments of ssh, e.g. `-L 8080:localhost:8080`; they win over ours. */
	readonly extra: readonly string[];
	/** Remote command, joined with blanks as ssh does; a login shell when empty. */
	readonly command: readonly string[];
};

/**
 * The arguments for the system's ssh that reach a node without any set-up in `~/.ssh/config`. An
 * option on the command line wins over the same one in the user's files (ssh_config(5)); all that
 * is not named here stays the user's own, such as IdentityAgent and SendEnv.
 * @throws Failure `failed` when the login name is none.
 */
export const sshArguments = (input: SshArgumentsInput): string[] => {
	const { hostName, files, identity, loginUser } = input;
	const user = loginUser ?? defaultLoginUser;
	if (!/^[A-Za-z0-9_][\w.@+-]*$/.test(user)) {
		throw new Failure('failed', `The server named "${user}" as the login name, which is none.`);
	}
	const path = (value: string): string => configWord(withoutTokens(value));
	const proxyWords = [...input.proxyCommand, files.proxyCache].map(shellWord);
	const options: Record<string, string> = {
		// Keeps `Match host *.ssh.baseten.co` blocks, which call an API of their own, from matching.
		HostName: files.hostKeyAlias.replace(/\..*$/, ''),
		CanonicalizeHostname: 'no',
		ProxyCommand: withoutTokens(proxyWords.join(' ')),
		User: user,
		IdentityFile: path(identity),
		CertificateFile: path(files.certificate),
		// The agent's keys are for what lies behind the node: offering them here only uses up tries.
		IdentitiesOnly: 'yes',
		PreferredAuthentications: 'publickey',
		PubkeyAuthentication: 'yes',
		// A shared connection that was opened without forwarding would be used without it.
		ControlMaster: 'no',
		ControlPath: 'none',
		RemoteCommand: 'none',
		ServerAliveInterval: '15',
		ServerAliveCountMax: '4',
		UpdateHostKeys: 'no',
		...hostKeyOptions(files, path),
	};
	return [
		...input.extra,
		input.forwardAgent ? '-A' : '-a',
		...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
		hostName,
		...input.command,
	];
};

/** Strict where the plane vouches for its host keys; else as Baseten's own clients do. */
const hostKeyOptions = (
	{ knownHosts, hostKeyAlias }: CredentialFiles,
	path: (value: string) => string,
): Record<string, string> =>
	knownHosts === null
		? {
				StrictHostKeyChecking: 'no',
				UserKnownHostsFile: '/dev/null',
				GlobalKnownHostsFile: '/dev/null',
				// Else ssh tells at each connection that it has added the host to /dev/null.
				LogLevel: 'ERROR',
			}
		: {
				HostKeyAlias: hostKeyAlias,
				StrictHostKeyChecking: 'yes',
				UserKnownHostsFile: path(knownHosts),
				GlobalKnownHostsFile: '/dev/null',
			};
