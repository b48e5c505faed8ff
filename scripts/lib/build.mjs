import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { lastLines, run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

const inputs = ['source', 'cli.tsx', 'tsconfig.json', 'package.json'];
const stampFile = join('dist', '.signalbox-build');

/**
 * Compiles the program, unless what is in `dist` comes from the present source.
 *
 * @param {string} root
 * @param {{ say: (line: string) => void }} edges
 * @throws SetupError when the compiler fails
 */
export const ensureBuild = (root, { say }) => {
	const source = fingerprint(root, inputs);
	if (!needsBuild(root, source)) return;
	say('building');
	const { ok, output } = run('npm', ['run', '--silent', 'build'], { cwd: root });
	if (!ok) throw new SetupError('the build failed, see above', lastLines(output));
	writeStamp(join(root, stampFile), source);
};

/**
 * @param {string} root
 * @param {string} source fingerprint of what is compiled
 */
export const needsBuild = (root, source) =>
	readStamp(join(root, stampFile)) !== source || !existsSync(join(root, 'dist', 'cli.js'));
