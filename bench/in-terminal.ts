import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal } from './terminal.ts';

/**
 * Runs one of `children/` in a terminal and returns what it measured of itself.
 * @throws Error with what it printed, when it left no result
 */
export const runInTerminal = async (
	script: string,
	words: readonly string[] = [],
): Promise<unknown> => {
	const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
	const result = join(folder, 'result.json');
	const terminal = openTerminal(
		process.execPath,
		[join(import.meta.dirname, 'children', script), result, ...words],
		{ env: { NODE_ENV: 'production' } },
	);
	try {
		await terminal.ended;
		return JSON.parse(
			await readFile(result, 'utf8').catch(() => {
				throw new Error(`${script} left no result:\n${terminal.text().slice(-2_000)}`);
			}),
		);
	} finally {
		await terminal.close();
		await rm(folder, { recursive: true, force: true });
	}
};
