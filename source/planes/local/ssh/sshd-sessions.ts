import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One note per sshd process of a node, named after its process id. They outlive the plane, as the
 * processes do; sshd overwrites its own environment, so that no marker in it would tell. All calls
 * are synchronous: there is no moment at which a process runs without its note.
 */
const notesOf = (sshDirectory: string): string => join(sshDirectory, 'sessions');

/** Notes a process that has just been started for a node. */
export const noteSshd = (sshDirectory: string, pid: number): void => {
	const start = startOf(pid);
	if (start === null) return;
	mkdirSync(notesOf(sshDirectory), { recursive: true, mode: 0o700 });
	writeFileSync(join(notesOf(sshDirectory), String(pid)), start, { mode: 0o600 });
};

export const forgetSshd = (sshDirectory: string, pid: number): void =>
	rmSync(join(notesOf(sshDirectory), String(pid)), { force: true });

/**
 * Process ids of the sshd processes that serve a node now, one per connection, also of those that
 * an earlier run of the plane started. Ending one ends its connection, forwarded ports included.
 */
export const sshdProcesses = (sshDirectory: string): number[] => {
	const pids = namesIn(notesOf(sshDirectory)).filter((name) => /^\d+$/.test(name));
	return pids.map(Number).filter((pid) => {
		// The time of the start tells our process from a later one with the same id.
		const alive = noteOf(sshDirectory, pid) === startOf(pid);
		if (!alive) forgetSshd(sshDirectory, pid);
		return alive;
	});
};

const namesIn = (directory: string): string[] => {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
};

const noteOf = (sshDirectory: string, pid: number): string =>
	readFileSync(join(notesOf(sshDirectory), String(pid)), 'utf8');

/** When a process started, as a string that only serves comparison; null when there is none. */
const startOf = (pid: number): string | null => {
	try {
		return process.platform === 'linux' ? startInProc(pid) : startInPs(pid);
	} catch {
		return null;
	}
};

/** State and start are fields 3 and 22 of proc(5); field 2 is a name in brackets, with blanks. */
const startInProc = (pid: number): string | null => {
	const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return fields[0] === 'Z' ? null : (fields[19] ?? null);
};

const startInPs = (pid: number): string | null =>
	execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
