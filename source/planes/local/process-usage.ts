import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a process has used so far, and holds now. */
export type ProcessUsage = { readonly cpuSeconds: number; readonly memoryBytes: number };

/** Parts of a second in which Linux tells CPU time to programs (USER_HZ, fixed by its ABI). */
const ticksPerSecond = 100;

/** Usage of each process that is still there: from /proc on Linux, from `ps` elsewhere. */
export const usageOf = async (
	pids: readonly number[],
	platform: NodeJS.Platform = process.platform,
): Promise<ReadonlyMap<number, ProcessUsage>> => {
	if (pids.length === 0) return new Map();
	if (platform !== 'linux') return fromPs(pids);
	const entries = await Promise.all(
		pids.map(async (pid) => {
			const [stat, status] = await Promise.all(
				['stat', 'status'].map((name) =>
					readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => ''),
				),
			);
			const usage = parseProc(stat ?? '', status ?? '');
			return usage === null ? [] : [[pid, usage] as const];
		}),
	);
	return new Map(entries.flat());
};

/** proc(5): utime and stime are the 14th and 15th field; the second may hold blanks and brackets. */
const parseProc = (stat: string, status: string): ProcessUsage | null => {
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const [user, system] = [Number(fields[11]), Number(fields[12])];
	if (Number.isNaN(user) || Number.isNaN(system)) return null;
	// A process that has ended but was not waited for has no memory.
	const kibibytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
	return { cpuSeconds: (user + system) / ticksPerSecond, memoryBytes: kibibytes * 1024 };
};

const fromPs = async (pids: readonly number[]): Promise<ReadonlyMap<number, ProcessUsage>> => {
	const { stdout } = await run('ps', ['-o', 'pid=,time=,rss=', '-p', pids.join(',')]).catch(() => ({
		stdout: '',
	}));
	return new Map(
		stdout.split('\n').flatMap((line) => {
			const [pid, time, kibibytes] = line.trim().split(/\s+/);
			if (pid === undefined || time === undefined || kibibytes === undefined) return [];
			const usage = { cpuSeconds: secondsOf(time), memoryBytes: Number(kibibytes) * 1024 };
			return [[Number(pid), usage] as const];
		}),
	);
};

/** `[[days-]hours:]minutes:seconds` */
const secondsOf = (time: string): number => {
	const [clock = '', days = '0'] = time.split('-').toReversed();
	const parts = clock.split(':').map(Number);
	return parts.reduce((sum, part) => sum * 60 + part, 0) + Number(days) * 86_400;
};
