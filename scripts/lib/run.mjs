import { spawnSync } from 'node:child_process';
import { delimiter, sep } from 'node:path';
import process from 'node:process';
import { SetupError } from './setup-error.mjs';

const largestOutput = 64 * 1024 * 1024;
const shownLines = 20;

/**
 * Runs a program to its end, with its output kept back.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined> }} [options] env: added to that
 *   of this process
 * @returns {{ ok: boolean, output: string }} output: stdout, then stderr
 * @throws SetupError when somebody pressed Ctrl-C meanwhile
 */
export const run = (command, args, { cwd, env } = {}) => {
	const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
		cwd,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
		encoding: 'utf8',
		maxBuffer: largestOutput,
	});
	if (signal === 'SIGINT') throw new SetupError('interrupted');
	const text = error ? error.message : `${stdout}\n${stderr}`;
	return { ok: status === 0, output: text.trim() };
};

/** The lines of an output that most likely say what went wrong. */
export const lastLines = (text) =>
	text
		.split('\n')
		.filter((line) => line.trim() !== '')
		.slice(-shownLines)
		.join('\n');

/**
 * `npm run` puts node_modules/.bin first on PATH, and there lies the pinned Node.js. A program
 * that replaces node_modules must not itself run on it.
 *
 * @param {string} path
 */
export const withoutLocalPrograms = (path) =>
	path
		.split(delimiter)
		.filter((folder) => !folder.endsWith(`node_modules${sep}.bin`))
		.join(delimiter);
