import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
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
	nginx: { apt: 'nginx-light', dnf: 'nginx', brew: 'nginx' },
	openssl: { apt: 'openssl', dnf: 'openssl', brew: 'openssl' },
	python3: { apt: 'python3', dnf: 'python3', brew: 'python3' },
	'libnss_wrapper.so': { apt: 'libnss-wrapper', dnf: 'nss_wrapper', brew: null },
};
const always = ['ssh', 'ssh-keygen', 'sshd', 'git'];
const onlyForTests = ['tmux', 'rsync', 'openssl', 'python3', 'nginx'];
/** Lets Baseten's own clients log in to local nodes; there is none for macOS. */
const linuxLibraries = ['libnss_wrapper.so'];

/** Where sshd lives; not on every user's PATH. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const libraryFolders = ['/usr/lib', '/usr/lib64', '/usr/local/lib'];

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
	const programs = forTests ? [...always, ...onlyForTests] : always;
	const libraries = forTests && process.platform === 'linux' ? linuxLibraries : [];
	const missingNow = () => [
		...missingPrograms(programs, folders()),
		...missingLibraries(libraries, libraryFolders),
	];
	const missing = missingNow();
	if (missing.length === 0) return;
	const manager = packageManager((program) => missingPrograms([program], folders()).length === 0);
	const isRoot = process.getuid?.() === 0;
	if (manager === 'apt' && isRoot) {
		const packages = packagesFor(missing, manager);
		say(`installing ${packages.join(', ')}`);
		const { ok, output } = installWithApt(packages);
		if (!ok) say(`apt-get failed: ${lastLines(output).split('\n').at(-1)}`);
	}
	const absent = missingNow();
	if (absent.length > 0) say(adviceFor(absent, manager, isRoot));
};

const folders = () => [...(process.env.PATH ?? '').split(delimiter), ...systemFolders];

/**
 * @param {readonly string[]} programs
 * @param {readonly string[]} inFolders
 */
export const missingPrograms = (programs, inFolders) =>
	programs.filter((program) => !inFolders.some((folder) => isExecutable(join(folder, program))));

/**
 * @param {readonly string[]} libraries names of files
 * @param {readonly string[]} inFolders each is searched with its folders of an architecture, as
 * Debian has them: `/usr/lib/x86_64-linux-gnu`
 */
export const missingLibraries = (libraries, inFolders) => {
	const folders = inFolders.flatMap((folder) => [folder, ...architectureFolders(folder)]);
	return libraries.filter(
		(library) => !folders.some((folder) => existsSync(join(folder, library))),
	);
};

const architectureFolders = (folder) =>
	existsSync(folder)
		? readdirSync(folder)
				.filter((name) => name.includes('-linux-'))
				.map((name) => join(folder, name))
		: [];

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
	...new Set(
		programs.map((program) => packageOf[program][manager]).filter((name) => name !== null),
	),
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
