/** A clock that stands still until it is moved, with the timers that hang on it. */
export type ManualClock = {
	now(): number;
	after(ms: number, action: () => void): () => void;
	/** Moves on, and fires what falls due in its order. */
	advance(ms: number): void;
	/** Moves on as the clock of a machine that slept: timers fire late, at the end. */
	sleep(ms: number): void;
	/** Waits of the timers that stand, in ms from now. */
	waits(): number[];
};

export const createManualClock = (start = 1_000_000): ManualClock => {
	let time = start;
	const timers = new Set<{ at: number; action: () => void }>();
	const fireDue = (until: number, move: boolean): void => {
		for (;;) {
			const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
			if (!next) return;
			timers.delete(next);
			if (move) time = Math.max(time, next.at);
			next.action();
		}
	};
	return {
		now: () => time,
		after: (ms, action) => {
			const timer = { at: time + ms, action };
			timers.add(timer);
			return () => timers.delete(timer);
		},
		advance: (ms) => {
			const end = time + ms;
			fireDue(end, true);
			time = end;
		},
		sleep: (ms) => {
			time += ms;
			fireDue(time, false);
		},
		waits: () => [...timers].map(({ at }) => at - time).sort((a, b) => a - b),
	};
};
