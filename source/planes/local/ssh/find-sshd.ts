import { delimiter, dirname, join } from 'node:path';
import { findProgram } from '../../../ssh/find-program.ts';

/** Where systems keep their daemons, which a user's PATH often leaves out. */
const sshdDirectories = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin', '/sbin', '/usr/bin'];

/** Debian, Fedora, Arch, macOS and BSD, Gentoo, Alpine; `prefix/libexec` is found beside sshd. */
const sftpServerDirectories = [
	'/usr/lib/openssh',
	'/usr/libexec/openssh',
	'/usr/lib/ssh',
	'/usr/libexec',
	'/usr/lib/misc',
];

/** Absolute path of sshd, which refuses to start by any other; undefined when there is none. */
export const findSshd = (env: NodeJS.ProcessEnv = process.env): string | undefined => {
	const onPath = (env['PATH'] ?? '').split(delimiter).filter((path) => path.startsWith('/'));
	return findProgram('sshd', [...onPath, ...sshdDirectories]);
};

/** Absolute path of OpenSSH's sftp-server for an sshd; undefined when there is none. */
export const findSftpServer = (sshd: string): string | undefined =>
	findProgram('sftp-server', [...sftpServerDirectories, join(dirname(sshd), '../libexec')]);
