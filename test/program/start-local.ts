import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type Api, createApi } from '../../source/api/rest-client.ts';

/** The built program, as a user runs it. */
export const program = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

const firstLineSchema = z.object({
	url: z.string(),
	token_file: z.string(),
	ssh_proxy: z.string().nullable(),
});

/** A `signalbox local` in a process of its own. */
export type LocalProcess = z.output<typeof firstLineSchema> & {
	readonly child: ChildProcess;
	readonly token: string;
	readonly api: Api;
	/** Ends it by a signal and waits for that. */
	end(signal: NodeJS.Signals): Promise<number | null>;
};

/** Starts `signalbox local` and reads its first line. Ended, with its jobs, after the test. */
export const startLocal = async (
	dataDirectory: string,
	port = 0,
	options: Pick<SpawnOptions, 'env' | 'uid' | 'gid'> = {},
): Promise<LocalProcess> => {
	const child = spawn(
		process.execPath,
		[program, 'local', '--data-dir', dataDirectory, '--port', String(port), '--json'],
		{ ...options, stdio: ['ignore', 'pipe', 'inherit'] },
	);
	const [line] = (await Promise.race([
		once(createInterface(child.stdout), 'line'),
		once(child, 'exit').then(([code]) => Promise.reject(new Error(`it exited with ${code}`))),
	])) as [string];
	const words = firstLineSchema.parse(JSON.parse(line));
	const token = (await readFile(words.token_file, 'utf8')).trim();
	const api = createApi({ url: words.url, token });
	const end = async (signal: NodeJS.Signals): Promise<number | null> => {
		if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
		const exited = once(child, 'exit');
		child.kill(signal);
		const [code] = await exited;
		return code;
	};
	onTestFinished(async () => {
		for (const { training_project_id: project, id } of await api.listJobs().catch(() => [])) {
			await api.stopJob(project, id).catch(() => {});
		}
		await end('SIGTERM');
	});
	return { ...words, child, token, api, end };
};
