import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { defaultLoginUser } from '../../../contract/ssh.ts';
import { writePrivateFile } from '../../../ssh/private-file.ts';

/**
 * Baseten's own clients log in as `baseten`, a name that sshd finds in no user database of this
 * machine. nss_wrapper, a library of the Samba project, shows sshd a database of ours, in which
 * that name is the plane's own account; no file of the system is changed.
 */
const libraryName = 'libnss_wrapper.so';

/** Path of the library, undefined where it is not installed. */
export const findNssWrapper = (
	roots = ['/usr/lib', '/usr/lib64', '/usr/local/lib'],
): string | undefined =>
	process.platform === 'linux'
		? roots
				.flatMap((root) => [root, ...foldersIn(root)])
				.map((folder) => join(folder, libraryName))
				.find((path) => existsSync(path))
		: undefined;

/** Debian keeps libraries in a folder of the architecture's name, e.g. `x86_64-linux-gnu`. */
const foldersIn = (root: string): string[] => {
	try {
		const names = readdirSync(root).filter((name) => name.includes('-linux-'));
		return names.map((name) => join(root, name));
	} catch {
		return [];
	}
};

/** Whether sshd will know `baseten` on this machine. */
export const knowsBasetenUser = (): boolean =>
	findNssWrapper() !== undefined || accounts().some((line) => isBaseten(line));

const accounts = (): string[] => readFileSync('/etc/passwd', 'utf8').split('\n').filter(Boolean);

const isBaseten = (line: string): boolean => line.startsWith(`${defaultLoginUser}:`);

const databaseIn = (sshDirectory: string): string => join(sshDirectory, 'passwd');

/** Writes the user database (passwd(5)) that the sshd of a node is shown, where that is possible. */
export const writeUserDatabase = async (sshDirectory: string): Promise<void> => {
	if (findNssWrapper() === undefined) return;
	const { username, uid, gid, homedir, shell } = userInfo();
	const entry = (name: string): string =>
		[name, '*', uid, gid, '', homedir, shell ?? '/bin/sh'].join(':');
	const known = accounts().filter((line) => !isBaseten(line));
	const own = known.some((line) => line.startsWith(`${username}:`)) ? [] : [entry(username)];
	const lines = [...known, ...own, entry(defaultLoginUser)];
	await writePrivateFile(databaseIn(sshDirectory), `${lines.join('\n')}\n`);
};

/** The variables by which sshd sees the database of {@link writeUserDatabase}. */
export const userDatabaseEnvironment = (sshDirectory: string): Record<string, string> => {
	const library = findNssWrapper();
	const database = databaseIn(sshDirectory);
	if (library === undefined || !existsSync(database)) return {};
	return {
		LD_PRELOAD: library,
		NSS_WRAPPER_PASSWD: database,
		NSS_WRAPPER_GROUP: '/etc/group',
	};
};
