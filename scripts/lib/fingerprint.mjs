import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * A hash of files' names and contents. Times do not count: a checkout or a copy changes them, and
 * the deletion of a file changes none.
 *
 * @param {string} root
 * @param {readonly string[]} paths files and folders below root; folders count with all in them
 * @returns {string}
 */
export const fingerprint = (root, paths) => {
	const hash = createHash('sha256');
	for (const file of paths.flatMap((path) => filesIn(join(root, path)))) {
		const content = readFileSync(file);
		hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
	}
	return hash.digest('hex');
};

/** @returns {string[]} the path itself when it is a file, none when it does not exist */
const filesIn = (path) => {
	const stats = statSync(path, { throwIfNoEntry: false });
	if (stats === undefined) return [];
	if (!stats.isDirectory()) return [path];
	const names = readdirSync(path).sort();
	return names.flatMap((name) => filesIn(join(path, name)));
};

/** @returns {string | null} null when there is no stamp */
export const readStamp = (path) => {
	try {
		return readFileSync(path, 'utf8').trim();
	} catch {
		return null;
	}
};

/** Marks a step as done for the files of a fingerprint. */
export const writeStamp = (path, value) => {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, `${value}\n`);
};
