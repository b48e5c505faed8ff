import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';

/** Creates a directory, with its parents, that its owner alone can enter. */
export const makePrivateDirectory = async (path: string): Promise<void> => {
	await mkdir(path, { recursive: true, mode: 0o700 });
};

/**
 * Writes a file for its owner alone, all at once: a reader sees the old content or the new one,
 * and two writers never mix.
 */
export const writePrivateFile = async (
	path: string,
	content: string,
	mode: 0o600 | 0o700 = 0o600,
): Promise<void> => {
	const draft = `${path}.${randomUUID()}`;
	try {
		await writeFile(draft, content, { mode, flag: 'wx' });
		await rename(draft, path);
	} catch (error) {
		await rm(draft, { force: true });
		throw error;
	}
};
