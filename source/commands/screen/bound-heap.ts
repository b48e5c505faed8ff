import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes of V8's space for new objects that are enough for a screen at full speed. */
const enough = 8 * 1024 * 1024;
/** Percent by which the space for old objects may outgrow what lives before it is cleaned. */
const garbagePercent = 50;

/**
 * Keeps the heap of a screen near what lives in it, some 50 MB. Left alone, V8 takes 134 MB for new
 * objects in a flood of lines, and lets old ones grow to several times what lives; it gives little
 * of that back. The sizes themselves are flags of the command line, but how they grow may be said
 * at any time; a factor of 1 is not at all.
 */
export const boundHeap = (): { close(): void } => {
	setFlagsFromString(`--heap-growing-percent=${garbagePercent}`);
	let factor = 2;
	const observer = new PerformanceObserver(() => {
		const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
		const wanted = (space?.space_size ?? 0) >= enough ? 1 : 2;
		if (wanted === factor) return;
		factor = wanted;
		setFlagsFromString(`--semi-space-growth-factor=${factor}`);
	});
	observer.observe({ entryTypes: ['gc'] });
	return { close: () => observer.disconnect() };
};
