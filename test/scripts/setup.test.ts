import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Scratch, scratch } from './scratch.ts';

const scripts = fileURLToPath(new URL('../../scripts', import.meta.url));

/** Appends a line per build, so that builds can be counted. */
const buildScript = `
const { appendFileSync, mkdirSync, readFileSync } = require('node:fs');
const source = readFileSync('cli.tsx', 'utf8');
if (source === 'wrong') { console.error('cli.tsx(1,1): wrong'); process.exit(2); }
mkdirSync('dist', { recursive: true });
appendFileSync('dist/cli.js', 'built\\n');
`;

let project: Scratch;

/** A small project with one package that needs no registry. */
const writeLock = (version: string): void => {
	const own = { name: 'small', version, dependencies: { local: 'file:local' } };
	project.write('package.json', JSON.stringify({ ...own, scripts: { build: 'node build.cjs' } }));
	project.write('local/package.json', JSON.stringify({ name: 'local', version: '1.0.0' }));
	const packages = {
		'': own,
		local: { version: '1.0.0' },
		'node_modules/local': { resolved: 'local', link: true },
	};
	const lock = { name: 'small', version, lockfileVersion: 3, requires: true, packages };
	project.write('package-lock.json', JSON.stringify(lock));
};

beforeEach(() => {
	project = scratch();
	cpSync(scripts, join(project.path, 'scripts'), { recursive: true });
	project.write('build.cjs', buildScript);
	project.write('cli.tsx', 'right');
	writeLock('1.0.0');
});
afterEach(() => project.remove());

const setUp = (): { code: number | null; lines: string[] } => {
	const setup = join(project.path, 'scripts/setup.mjs');
	const { status, stderr, stdout } = spawnSync(process.execPath, [setup], { encoding: 'utf8' });
	expect(stdout).toBe('');
	return { code: status, lines: stderr.split('\n').filter((line) => line !== '') };
};

const builds = (): number =>
	readFileSync(join(project.path, 'dist/cli.js'), 'utf8').split('built').length - 1;

const installing = 'signalbox: installing npm packages, this takes a minute the first time';
const building = 'signalbox: building';

test('a fresh checkout is installed and built, the second time nothing happens', () => {
	expect(setUp()).toEqual({ code: 0, lines: [installing, building] });
	expect(existsSync(join(project.path, 'node_modules/local/package.json'))).toBe(true);
	expect(setUp()).toEqual({ code: 0, lines: [] });
	expect(builds()).toBe(1);
});

test('a change of the source builds, one of the lock file installs', () => {
	setUp();
	project.write('source/new.ts', '');
	expect(setUp().lines).toEqual([building]);
	rmSync(join(project.path, 'source/new.ts'));
	expect(setUp().lines).toEqual([building]);
	writeLock('1.0.1');
	expect(setUp().lines).toEqual([installing, building]);
	expect(setUp().lines).toEqual([]);
	expect(builds()).toBe(4);
});

test('a failed build shows the error and one line, and is tried again', () => {
	project.write('cli.tsx', 'wrong');
	const failed = ['cli.tsx(1,1): wrong', 'signalbox: the build failed, see above'];
	expect(setUp()).toEqual({ code: 1, lines: [installing, building, ...failed] });
	expect(setUp()).toEqual({ code: 1, lines: [building, ...failed] });
	project.write('cli.tsx', 'right');
	expect(setUp()).toEqual({ code: 0, lines: [building] });
});

test('a failed installation shows what npm said and one line', () => {
	project.write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: {} }));
	const { code, lines } = setUp();
	expect(code).toBe(1);
	expect(lines.join('\n')).toContain('Missing: local@');
	expect(lines.join('\n')).not.toContain('Usage');
	expect(lines.at(-1)).toBe('signalbox: npm ci failed, see above');
	expect(existsSync(join(project.path, 'dist'))).toBe(false);
});
