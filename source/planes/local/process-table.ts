import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { markerName } from './environment.ts';

const run = promisify(execFile);

/**
 * Process ids of all live processes that carry a node's marker in their environment. On Linux it
 * reads /proc, elsewhere `ps` (which shows the environment of one's own processes).
 */
export const markedProcesses = async (
	marker: string,
	platform: NodeJS.Platform = process.platform,
): Promise<number[]> => {
	const variable = `${markerName}=${marker}`;
	return platform === 'linux' ? inProc(variable) : inPs(variable);
};

const inProc = async (variable: string): Promise<number[]> => {
	const entries = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const found = await Promise.all(
		entries.map(async (pid) => {
			// A process that ended meanwhile, or another user's, is none of ours.
			const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
			return environment.split('\0').includes(variable) ? [Number(pid)] : [];
		}),
	);
	return found.flat();
};

const inPs = async (variable: string): Promise<number[]> => {
	const { stdout } = await run('ps', ['-axwwE', '-o', 'pid=,command='], {
		maxBuffer: 64 * 1024 * 1024,
	});
	return stdout
		.split('\n')
		.filter((line) => ` ${line} `.includes(` ${variable} `))
		.map((line) => Number.parseInt(line, 10));
};

/** Sends a signal to a process (or, for a negative id, a group); false when it is gone. */
export const signalProcess = (pid: number, signal: NodeJS.Signals | 0): boolean => {
	try {
		process.kill(pid, signal);
		return true;
	} catch {
		return false;
	}
};
