import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { installWithApt } from './apt.mjs';
import { lastLines } from './run.mjs';

/** Programs of the system, and the package that has them for each package manager. */
const packageOf = {
	ssh: { apt: 'openssh-client', dnf: 'openssh-clients', brew: 'openssh' },
	'ssh-keygen': { apt: 'openssh-client', dnf: 'openssh', brew: 'openssh' },
	sshd: { apt: 'openssh-server', dnf: 'openssh-server', brew: 'openssh' },
	git: { apt: 'git', dnf: 'git', brew: 'git' },
	tmux: { apt: 'tmux', dnf: 'tmux', brew: 'tmux' },
	rsync: { apt: 'rsync', dnf: 'rsync', brew: 'rsync' },
};
const always = ['ssh', 'ssh-keygen', 'sshd', 'git'];
const onlyForTests = ['tmux', 'rsync'];

/** Where sshd lives; not on every user's PATH. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

const installCommands = {
	apt: 'apt-get install --no-install-recommends',
	dnf: 'dnf install',
	brew: 'brew install',
};

/**
 * Looks for the programs of the system, and installs what is missing as root on Debian and its
 * kin. Elsewhere, and when that fails, it says what to install and goes on: most of signalbox
 * works without them.
 *
 * @param {{ forTests: boolean, say: (line: string) => void }} options
 */
export const ensurePrograms = ({ forTests, say }) => {
	const wanted = forTests ? [...always, ...onlyForTests] : always;
	const missing = missingPrograms(wanted, folders());
	if (missing.length === 0) return;
	const manager = packageManager((program) => missingPrograms([program], folders()).length === 0);
	const isRoot = process.getuid?.() === 0;
	if (manager === 'apt' && isRoot) {
		const packages = packagesFor(missing, manager);
		say(`installing ${packages.join(', ')}`);
		const { ok, output } = installWithApt(packages);
		if (!ok) say(`apt-get failed: ${lastLines(output).split('\n').at(-1)}`);
	}
	const absent = missingPrograms(missing, folders());
	if (absent.length > 0) say(adviceFor(absent, manager, isRoot));
};

const folders = () => [...(process.env.PATH ?? '').split(delimiter), ...systemFolders];

/**
 * @param {readonly string[]} programs
 * @param {readonly string[]} inFolders
 */
export const missingPrograms = (programs, inFolders) =>
	programs.filter((program) => !inFolders.some((folder) => isExecutable(join(folder, program))));

const isExecutable = (path) => {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
};

/**
 * @param {(program: string) => boolean} exists
 * @returns {'apt' | 'dnf' | 'brew' | null}
 */
export const packageManager = (exists) => {
	if (exists('apt-get')) return 'apt';
	if (exists('dnf')) return 'dnf';
	return exists('brew') ? 'brew' : null;
};

/**
 * @param {readonly string[]} programs
 * @param {'apt' | 'dnf' | 'brew'} manager
 * @returns {string[]} each package once
 */
export const packagesFor = (programs, manager) => [
	...new Set(programs.map((program) => packageOf[program][manager])),
];

/**
 * @param {readonly string[]} programs that are missing
 * @param {'apt' | 'dnf' | 'brew' | null} manager
 * @param {boolean} isRoot
 */
export const adviceFor = (programs, manager, isRoot) => {
	const missing = `not found: ${programs.join(', ')}`;
	if (manager === null) return `${missing}; install them with the package manager of this system`;
	const prefix = isRoot || manager === 'brew' ? '' : 'sudo ';
	return `${missing}; to install: ${prefix}${installCommands[manager]} ${packagesFor(programs, manager).join(' ')}`;
};
