import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { run } from './run.mjs';

/** Debian's invoke-rc.d asks this program before it starts a service; 101 forbids it. */
const policyFile = '/usr/sbin/policy-rc.d';
const noServices = '#!/bin/sh\nexit 101\n';
const servicesOf = {
	'openssh-server': ['ssh.service', 'ssh.socket'],
	'nginx-light': ['nginx.service'],
};
const lockTimeout = 'DPkg::Lock::Timeout=120';

/**
 * Installs packages as root, without questions, and without a service that listens afterwards:
 * signalbox starts an sshd of its own per connection and wants none on port 22; tests start their
 * own nginx.
 *
 * @param {readonly string[]} packages
 * @returns {{ ok: boolean, output: string }}
 */
export const installWithApt = (packages) => {
	const aptGet = (...args) =>
		run('apt-get', ['-q', '-y', '-o', lockTimeout, ...args], {
			env: { DEBIAN_FRONTEND: 'noninteractive' },
		});
	const update = aptGet('update');
	if (!update.ok) return update;
	const install = withPolicy(policyFile, () =>
		aptGet('install', '--no-install-recommends', ...packages),
	);
	// Packages also enable their services for the next start of the machine.
	const services = packages.flatMap((name) => servicesOf[name] ?? []);
	if (install.ok && services.length > 0) run('systemctl', ['disable', ...services]);
	return install;
};

/**
 * Forbids the start of services while an action runs; a policy of the machine's own comes back.
 *
 * @template T
 * @param {string} path
 * @param {() => T} action
 * @returns {T}
 */
export const withPolicy = (path, action) => {
	const kept = `${path}.signalbox`;
	const hadOwn = existsSync(path);
	if (hadOwn) renameSync(path, kept);
	writeFileSync(path, noServices, { mode: 0o755 });
	// Ctrl-C ends apt-get, but not this process before it has tidied up.
	const stayAlive = () => {};
	process.on('SIGINT', stayAlive);
	try {
		return action();
	} finally {
		process.off('SIGINT', stayAlive);
		if (hadOwn) renameSync(kept, path);
		else rmSync(path);
	}
};
