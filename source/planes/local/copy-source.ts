import { cp, lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies the files that a node starts with, as from an uploaded archive; without `.git`, and
 * without the folder `except`, which may lie within the source and hold the target. What is gone
 * before it is copied is left out: editors and caches make files for a moment.
 * @throws when a file can not be read or written.
 */
export const copySource = async (source: string, target: string, except: string): Promise<void> => {
	const { mode } = await lstat(source);
	// fs.cp refuses to copy a folder into itself, whatever its filter says.
	await mkdir(target, { recursive: true, mode });
	for (const entry of await readdir(source, { withFileTypes: true })) {
		const path = join(source, entry.name);
		if (path === except || entry.name === '.git') continue;
		const place = join(target, entry.name);
		const copied = entry.isDirectory() ? copySource(path, place, except) : cp(path, place);
		await copied.catch(async (error) => {
			const isGone = await lstat(path).then(
				() => false,
				() => true,
			);
			if (!isGone) throw error;
		});
	}
};
