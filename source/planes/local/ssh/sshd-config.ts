import { configWord, shellWord, withoutTokens } from '../../../ssh/quote.ts';

export type SshdConfigInput = {
	readonly hostKey: string;
	readonly hostCertificate: string;
	readonly userAuthority: string;
	readonly principals: string;
	/** A folder without start-up files of any shell. */
	readonly emptyHome: string;
	/** Script that stands in for every shell, command and subsystem. */
	readonly enter: string;
	/** Absent: no sftp, and no scp but in its old protocol. */
	readonly sftpServer: string | undefined;
	/** Off unless the account needs it: PAM brings messages and limits of the host's own. */
	readonly usePam: boolean;
};

/** sshd_config(5) of one node: entered by certificate alone, and only at the node's principal. */
export const sshdConfig = (input: SshdConfigInput): string => {
	const options: [string, string][] = [
		['HostKey', configWord(input.hostKey)],
		['HostCertificate', configWord(input.hostCertificate)],
		['TrustedUserCAKeys', configWord(input.userAuthority)],
		['AuthorizedPrincipalsFile', configWord(withoutTokens(input.principals))],
		['AuthorizedKeysFile', 'none'],
		['PubkeyAuthentication', 'yes'],
		['PasswordAuthentication', 'no'],
		['KbdInteractiveAuthentication', 'no'],
		['PermitRootLogin', 'prohibit-password'],
		['UsePAM', input.usePam ? 'yes' : 'no'],
		// The files lie below a data directory of the user's choice; their modes are our own care.
		['StrictModes', 'no'],
		// An agent with many keys offers them all before the one that opens.
		['MaxAuthTries', '20'],
		['LoginGraceTime', '30'],
		// A client that vanished is gone after two minutes.
		['ClientAliveInterval', '30'],
		['ClientAliveCountMax', '4'],
		['ForceCommand', `exec /bin/sh ${shellWord(input.enter)}`],
		// The account's shell runs that script, and must not read the account's own start-up files.
		['SetEnv', configWord(`HOME=${input.emptyHome}`)],
		['AllowAgentForwarding', 'yes'],
		['AllowTcpForwarding', 'yes'],
		['AllowStreamLocalForwarding', 'yes'],
		['X11Forwarding', 'no'],
		['PermitUserRC', 'no'],
		['PermitUserEnvironment', 'no'],
		['AcceptEnv', 'LANG LC_* COLORTERM TERM_PROGRAM TERM_PROGRAM_VERSION'],
		['PrintMotd', 'no'],
		['PrintLastLog', 'no'],
		['UseDNS', 'no'],
		['PidFile', 'none'],
		['LogLevel', 'INFO'],
	];
	if (input.sftpServer !== undefined) options.push(['Subsystem', `sftp ${input.sftpServer}`]);
	return options.map(([name, value]) => `${name} ${value}\n`).join('');
};
