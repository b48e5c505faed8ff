import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withPolicy } from '../../scripts/lib/apt.mjs';
import {
	adviceFor,
	missingLibraries,
	missingPrograms,
	packageManager,
	packagesFor,
} from '../../scripts/lib/programs.mjs';
import { withoutLocalPrograms } from '../../scripts/lib/run.mjs';
import { type Scratch, scratch } from './scratch.ts';

let folder: Scratch;
beforeEach(() => {
	folder = scratch();
});
afterEach(() => folder.remove());

test('a program is missing when no folder has it as an executable', () => {
	folder.write('bin/tmux', '');
	folder.write('sbin/sshd', '');
	chmodSync(join(folder.path, 'sbin/sshd'), 0o755);
	const folders = ['bin', 'sbin', 'absent'].map((name) => join(folder.path, name));
	expect(missingPrograms(['tmux', 'sshd', 'git'], folders)).toEqual(['tmux', 'git']);
});

test('a library is looked for in the folders of an architecture, too', () => {
	folder.write('lib/x86_64-linux-gnu/libone.so', '');
	folder.write('lib64/libtwo.so', '');
	folder.write('lib/python3/libthree.so', '');
	const folders = ['lib', 'lib64', 'absent'].map((name) => join(folder.path, name));
	expect(missingLibraries(['libone.so', 'libtwo.so', 'libthree.so'], folders)).toEqual([
		'libthree.so',
	]);
});

test('the package manager is the one the machine has', () => {
	expect(packageManager((program) => program === 'apt-get')).toBe('apt');
	expect(packageManager((program) => program === 'dnf')).toBe('dnf');
	expect(packageManager((program) => program === 'brew')).toBe('brew');
	expect(packageManager(() => false)).toBeNull();
});

test('a package is named once even when it has two of the programs', () => {
	expect(packagesFor(['ssh', 'ssh-keygen', 'sshd'], 'apt')).toEqual([
		'openssh-client',
		'openssh-server',
	]);
	expect(packagesFor(['tmux', 'libnss_wrapper.so'], 'apt')).toEqual(['tmux', 'libnss-wrapper']);
});

test('the advice is one line, right for machine and user', () => {
	expect(adviceFor(['sshd', 'tmux'], 'apt', false)).toBe(
		'not found: sshd, tmux; to install: sudo apt-get install --no-install-recommends openssh-server tmux',
	);
	expect(adviceFor(['ssh'], 'dnf', true)).toBe(
		'not found: ssh; to install: dnf install openssh-clients',
	);
	expect(adviceFor(['rsync'], 'brew', false)).toBe(
		'not found: rsync; to install: brew install rsync',
	);
	expect(adviceFor(['git'], null, false)).toBe(
		'not found: git; install them with the package manager of this system',
	);
});

test('npm runs without the pinned Node.js on its path', () => {
	expect(withoutLocalPrograms('/p/node_modules/.bin:/usr/bin:/node_modules/.bin:/bin')).toBe(
		'/usr/bin:/bin',
	);
});

describe('withPolicy', () => {
	const policy = (): string => join(folder.path, 'policy-rc.d');

	test('forbids services during the action and leaves nothing behind', () => {
		const during = withPolicy(policy(), () => ({
			text: readFileSync(policy(), 'utf8'),
			mode: statSync(policy()).mode & 0o777,
		}));
		expect(during).toEqual({ text: '#!/bin/sh\nexit 101\n', mode: 0o755 });
		expect(existsSync(policy())).toBe(false);
	});

	test("brings the machine's own policy back, even after a failure", () => {
		folder.write('policy-rc.d', 'own');
		expect(() =>
			withPolicy(policy(), () => {
				throw new Error('apt-get failed');
			}),
		).toThrow('apt-get failed');
		expect(readFileSync(policy(), 'utf8')).toBe('own');
		expect(readdirSync(folder.path)).toEqual(['policy-rc.d']);
	});
});
