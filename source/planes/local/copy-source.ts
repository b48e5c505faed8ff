import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

const isWithin = (path: string, folder: string): boolean => {
	const way = relative(folder, path);
	return way !== '' && way !== '..' && !way.startsWith('../');
};

/**
 * Copies the files that a node starts with, as from an uploaded archive; without `.git`, and
 * without the folder `except`, which may lie within the source and hold the target.
 * @throws when a file can not be read or written.
 */
export const copySource = async (source: string, target: string, except: string): Promise<void> => {
	if (!isWithin(except, source)) {
		await cp(source, target, { recursive: true, filter: (path) => basename(path) !== '.git' });
		return;
	}
	// fs.cp refuses to copy a folder into itself, whatever its filter says.
	await mkdir(target, { recursive: true });
	for (const name of await readdir(source)) {
		const path = join(source, name);
		if (path !== except && name !== '.git') await copySource(path, join(target, name), except);
	}
};
