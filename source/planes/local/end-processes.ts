import { setTimeout as delay } from 'node:timers/promises';
import { signalProcess } from './process-table.ts';

/** Ms between SIGTERM and SIGKILL for everything in a node. */
export const shutdownGraceMs = 10_000;
/** Ms between two looks for survivors. */
const pollMs = 50;

/**
 * Ends processes: SIGTERM to each once, SIGKILL to what is alive after the grace. Resolves when
 * none is left.
 * @param list Process ids that are alive now.
 */
export const endProcesses = async (
	list: () => Promise<readonly number[]>,
	graceMs: number,
): Promise<void> => {
	const deadline = performance.now() + graceMs;
	const asked = new Set<number>();
	for (;;) {
		const alive = await list();
		if (alive.length === 0) return;
		const kill = performance.now() >= deadline;
		for (const pid of alive) {
			// SIGKILL again and again, since a dying tree may still fork.
			if (kill) signalProcess(pid, 'SIGKILL');
			else if (!asked.has(pid)) signalProcess(pid, 'SIGTERM');
			asked.add(pid);
		}
		await delay(pollMs);
	}
};
