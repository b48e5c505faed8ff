import { statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { lastLines, run, withoutLocalPrograms } from './run.mjs';
import { SetupError } from './setup-error.mjs';

const lockFile = 'package-lock.json';
/** npm writes it as the last thing of an installation. */
const installedLockFile = join('node_modules', '.package-lock.json');
const stampFile = join('node_modules', '.signalbox-setup');

/**
 * Installs the packages of the lock file, unless they are there.
 *
 * @param {string} root
 * @param {{ say: (line: string) => void }} edges
 * @throws SetupError when npm fails
 */
export const ensureNpmPackages = (root, { say }) => {
	const stamp = join(root, stampFile);
	const lock = fingerprint(root, [lockFile]);
	if (!needsInstall(root, lock)) return;
	if (!installedByHand(root)) {
		say('installing npm packages, this takes a minute the first time');
		const { ok, output } = npmCi(root);
		if (!ok) throw new SetupError('npm ci failed, see above', lastLines(withoutUsage(output)));
	}
	writeStamp(stamp, lock);
};

/**
 * @param {string} root
 * @param {string} lock fingerprint of the lock file
 */
export const needsInstall = (root, lock) => readStamp(join(root, stampFile)) !== lock;

/**
 * Whether somebody has run npm here since the lock file was last written. Without this, a working
 * node_modules would be thrown away the first time.
 *
 * @param {string} root
 */
export const installedByHand = (root) => {
	const written = (path) => statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs;
	const installed = written(installedLockFile);
	const wanted = written(lockFile);
	return installed !== undefined && wanted !== undefined && installed >= wanted;
};

/**
 * npm ends the report of a lock file that does not fit with three dozen lines of its own manual.
 *
 * @param {string} output
 */
export const withoutUsage = (output) => output.split(/^npm error Clean install a project$/m)[0];

const npmCi = (root) =>
	// Development packages too, whatever NODE_ENV says: the build needs them.
	run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: root,
		env: { PATH: withoutLocalPrograms(process.env.PATH ?? '') },
	});
