/**
 * Makes a checkout ready: npm packages, system programs, build. First step of `npm start` and
 * `npm test`; silent, and done in a moment, when nothing is missing. With `--test` it also wants
 * what only the tests need.
 *
 * It runs on the Node.js of the machine, before the one that the project pins is installed: plain
 * JavaScript for Node.js 18 and later, with nothing but what lies in this folder.
 */
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureBuild } from './lib/build.mjs';
import { ensureNpmPackages } from './lib/npm-packages.mjs';
import { ensurePrograms } from './lib/programs.mjs';
import { SetupError } from './lib/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const say = (line) => console.error(`signalbox: ${line}`);

try {
	ensureNpmPackages(root, { say });
	ensurePrograms({ forTests: process.argv.includes('--test'), say });
	ensureBuild(root, { say });
} catch (error) {
	if (!(error instanceof SetupError)) throw error;
	if (error.output !== '') console.error(error.output);
	say(error.message);
	process.exitCode = 1;
}
