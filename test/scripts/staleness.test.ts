import { renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { needsBuild } from '../../scripts/lib/build.mjs';
import { fingerprint, writeStamp } from '../../scripts/lib/fingerprint.mjs';
import { installedByHand, needsInstall } from '../../scripts/lib/npm-packages.mjs';
import { type Scratch, scratch } from './scratch.ts';

let project: Scratch;
beforeEach(() => {
	project = scratch();
});
afterEach(() => project.remove());

const touch = (file: string, seconds: number): void =>
	utimesSync(join(project.path, file), seconds, seconds);

describe('fingerprint', () => {
	const print = (): string => fingerprint(project.path, ['source', 'cli.tsx', 'absent']);

	beforeEach(() => {
		project.write('cli.tsx', 'cli');
		project.write('source/a.ts', 'a');
		project.write('source/deep/b.ts', 'b');
	});

	test('does not depend on times', () => {
		const before = print();
		touch('source/a.ts', 1);
		expect(print()).toBe(before);
	});

	test('changes with a content, a name, a new and a deleted file', () => {
		const seen = new Set([print()]);
		project.write('source/deep/b.ts', 'B');
		seen.add(print());
		renameSync(join(project.path, 'source/a.ts'), join(project.path, 'source/c.ts'));
		seen.add(print());
		project.write('source/empty.ts', '');
		seen.add(print());
		rmSync(join(project.path, 'source/c.ts'));
		seen.add(print());
		expect(seen.size).toBe(5);
	});

	test('changes when text moves from the end of one file to the start of the next', () => {
		project.write('source/a.ts', 'one');
		project.write('source/deep/b.ts', 'two');
		const before = print();
		project.write('source/a.ts', 'onet');
		project.write('source/deep/b.ts', 'wo');
		expect(print()).not.toBe(before);
	});
});

describe('npm packages', () => {
	const stamp = (): string => join(project.path, 'node_modules/.signalbox-setup');

	test('are wanted without a stamp and with that of another lock file', () => {
		expect(needsInstall(project.path, 'now')).toBe(true);
		writeStamp(stamp(), 'before');
		expect(needsInstall(project.path, 'now')).toBe(true);
		writeStamp(stamp(), 'now');
		expect(needsInstall(project.path, 'now')).toBe(false);
	});

	test('installed by hand count, unless the lock file changed since', () => {
		project.write('package-lock.json', '{}');
		expect(installedByHand(project.path)).toBe(false);
		project.write('node_modules/.package-lock.json', '{}');
		touch('package-lock.json', 1000);
		touch('node_modules/.package-lock.json', 1001);
		expect(installedByHand(project.path)).toBe(true);
		touch('package-lock.json', 1002);
		expect(installedByHand(project.path)).toBe(false);
	});
});

test('a build is wanted without a program, without a stamp, and for another source', () => {
	const stamp = join(project.path, 'dist/.signalbox-build');
	writeStamp(stamp, 'now');
	expect(needsBuild(project.path, 'now')).toBe(true);
	project.write('dist/cli.js', '');
	expect(needsBuild(project.path, 'now')).toBe(false);
	expect(needsBuild(project.path, 'later')).toBe(true);
	rmSync(stamp);
	expect(needsBuild(project.path, 'now')).toBe(true);
});
