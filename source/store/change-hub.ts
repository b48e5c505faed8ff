/**
 * What changed: a job has more log records, or older ones in front of all others, or its status or
 * sessions are new.
 */
export type ChangeKind = 'log' | 'older' | 'state';

type Listener = () => void;

/**
 * Wakes the readers of a job. A listener only learns THAT something changed and reads the store at
 * its own pace, so a slow reader costs nothing here. Listeners must not throw.
 */
export class ChangeHub {
	readonly #listeners = new Map<string, Set<Listener>>();

	/** Calls `listener` after each change until the returned function is called. */
	on(kind: ChangeKind, jobId: string, listener: Listener): () => void {
		const key = `${kind} ${jobId}`;
		const listeners = this.#listeners.get(key) ?? new Set();
		this.#listeners.set(key, listeners);
		listeners.add(listener);
		return () => {
			listeners.delete(listener);
			if (listeners.size === 0 && this.#listeners.get(key) === listeners) {
				this.#listeners.delete(key);
			}
		};
	}

	emit(kind: ChangeKind, jobId: string): void {
		for (const listener of [...(this.#listeners.get(`${kind} ${jobId}`) ?? [])]) listener();
	}
}
