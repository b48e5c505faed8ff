import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

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
	return firstProgram('sshd', [...onPath, ...sshdDirectories]);
};

/** Absolute path of OpenSSH's sftp-server for an sshd; undefined when there is none. */
export const findSftpServer = (sshd: string): string | undefined =>
	firstProgram('sftp-server', [...sftpServerDirectories, join(dirname(sshd), '../libexec')]);

export const firstProgram = (name: string, directories: readonly string[]): string | undefined =>
	directories.map((directory) => join(directory, name)).find(isProgram);

const isProgram = (path: string): boolean => {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
};
