import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder above that holds a package.json: sources and build lie at other depths. */
const findRoot = (folder: string): string =>
	existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));

/** Where this package is installed. */
export const packageRoot = findRoot(import.meta.dirname);
