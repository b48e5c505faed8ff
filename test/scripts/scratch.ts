import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Scratch = {
	readonly path: string;
	/** Writes a file, and the folders that lead to it. */
	write(file: string, content: string): void;
	remove(): void;
};

/** An empty folder for one test. */
export const scratch = (): Scratch => {
	const path = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-setup-')));
	return {
		path,
		write(file, content) {
			mkdirSync(dirname(join(path, file)), { recursive: true });
			writeFileSync(join(path, file), content);
		},
		remove: () => rmSync(path, { recursive: true, force: true }),
	};
};
