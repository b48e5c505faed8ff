import type { ApiLog, LogQuery } from '../../source/contract/log.ts';

/** A line, and when the API begins to show it. */
export type BookLine = ApiLog & { readonly visibleMs: number };

export type BookOptions = {
	/** Whether the end of a window is part of it: the documents do not say. */
	readonly endIsIncluded: boolean;
	/** Order when none is asked for. */
	readonly order?: 'asc' | 'desc';
};

/**
 * The log of a job as Baseten's API shows it, built from the facts of its documents alone: windows
 * of whole ms, at most 1000 lines, 500 and the last 30 minutes unless told, no cursor, no id.
 */
export class LogBook {
	readonly #lines: BookLine[] = [];
	readonly #options: BookOptions;

	constructor(options: BookOptions) {
		this.#options = options;
	}

	write(line: BookLine): void {
		this.#lines.push(line);
	}

	/** All lines ever written. */
	get lines(): readonly BookLine[] {
		return this.#lines;
	}

	/** What `GET …/logs` answers at a time of the server's clock. */
	answer(query: LogQuery, nowMs: number): ApiLog[] {
		const end = query.end_epoch_millis ?? nowMs;
		const start = query.start_epoch_millis ?? end - 30 * 60_000;
		const direction = query.direction ?? this.#options.order ?? 'desc';
		const endNs = BigInt(end + (this.#options.endIsIncluded ? 1 : 0)) * 1_000_000n;
		const startNs = BigInt(start) * 1_000_000n;
		return this.#lines
			.filter(({ visibleMs }) => visibleMs <= nowMs)
			.filter(({ timestamp }) => BigInt(timestamp) >= startNs && BigInt(timestamp) < endNs)
			.toSorted((a, b) => {
				const order = Number(BigInt(a.timestamp) - BigInt(b.timestamp));
				return direction === 'asc' ? order : -order;
			})
			.slice(0, query.limit ?? 500)
			.map(({ visibleMs: _, ...line }) => line);
	}
}
