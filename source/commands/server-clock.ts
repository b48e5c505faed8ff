/** A server's clock, as the `Date` headers of its answers tell it. */
export type ServerClock = {
	/** Epoch ms of the server's clock; of this machine's before the first answer. */
	readonly now: () => number;
	/** `fetch` that looks at the clock in each answer. */
	readonly fetch: typeof globalThis.fetch;
};

/** The header has whole seconds, and answers take time: less than this is no difference. */
const toleranceMs = 1_500;

/** @param now Epoch ms of this machine's clock. */
export const createServerClock = (
	now: () => number,
	fetch: typeof globalThis.fetch = globalThis.fetch,
): ServerClock => {
	let offsetMs = 0;
	return {
		now: () => now() + offsetMs,
		fetch: async (...request) => {
			const sent = now();
			const response = await fetch(...request);
			const date = Date.parse(response.headers.get('date') ?? '');
			// The middle of the second that the header names, against the middle of the way.
			const offset = Math.round(date + 500 - (sent + now()) / 2);
			if (Math.abs(offset - offsetMs) > toleranceMs) offsetMs = offset;
			return response;
		},
	};
};
