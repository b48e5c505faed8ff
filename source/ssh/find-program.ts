import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

/** Path of an executable file of that name, from the first folder that has one. */
export const findProgram = (name: string, folders: readonly string[]): string | undefined =>
	folders.map((folder) => join(folder, name)).find(isProgram);

const isProgram = (path: string): boolean => {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
};
