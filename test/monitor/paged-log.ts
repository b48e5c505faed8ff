import { compileFilter } from '../../source/contract/line-filter.ts';
import type { LogRecord } from '../../source/contract/log.ts';
import { isStepNeeded, lookNeeded, pageNeeded } from '../../source/monitor/requests.ts';
import type { MonitorState } from '../../source/monitor/state.ts';
import { apply } from './fixtures.ts';

/** A server's log: what its answers to pages and looks are. Cursors rise by one from 1. */
export class PagedLog {
	readonly records: LogRecord[];
	/** Requests that were answered. */
	requests = 0;
	readonly #pageLimit: number;
	/** Records that one look takes at most, whatever it finds. */
	readonly #lookLimit: number;

	constructor(records: LogRecord[], pageLimit = 50, lookLimit = 200) {
		this.records = records;
		this.#pageLimit = pageLimit;
		this.#lookLimit = lookLimit;
	}

	/** Answers all that a state asks for, and works off all its steps. */
	settle(state: MonitorState): MonitorState {
		let settled = state;
		for (let round = 0; round < 10_000; round++) {
			const page = pageNeeded(settled);
			const look = lookNeeded(settled);
			if (page !== null) {
				const { records, ...reply } = this.#look(page.place, page.filter);
				settled = apply(
					settled,
					{ type: 'page-asked', request: page },
					{ type: 'page', request: page, reply: { ...reply, records } },
				);
			} else if (look !== null) {
				const { records, ...reply } = this.#look(look.place, look.filter);
				const seqs = records.map(({ seq }) => seq);
				settled = apply(
					settled,
					{ type: 'matches-asked' },
					{ type: 'matches', look, reply: { ...reply, seqs } },
				);
			} else if (isStepNeeded(settled)) settled = apply(settled, { type: 'index-step' });
			else return settled;
		}
		throw new Error('the screen asks for ever');
	}

	#look(
		{ before, after, around }: { before?: number; after?: number; around?: number },
		filter: Parameters<typeof compileFilter>[0],
	) {
		this.requests++;
		const isWanted = compileFilter(filter);
		const last = this.records.length;
		const bounds = { first: last === 0 ? 0 : 1, last };
		const up = (from: number) => {
			const records: LogRecord[] = [];
			let to = from - 1;
			for (; to < last && records.length < this.#pageLimit && to - from < this.#lookLimit; to++) {
				const record = this.records[to];
				if (record !== undefined && isWanted(record)) records.push(record);
			}
			return { records, from, to };
		};
		const down = (to: number) => {
			const records: LogRecord[] = [];
			let from = to + 1;
			for (; from > 1 && records.length < this.#pageLimit && to - from < this.#lookLimit; from--) {
				const record = this.records[from - 2];
				if (record !== undefined && isWanted(record)) records.unshift(record);
			}
			return { records, from, to };
		};
		if (after !== undefined) return { ...up(after + 1), ...bounds };
		if (before !== undefined) return { ...down(before - 1), ...bounds };
		const at = around ?? last;
		const [older, newer] = [down(at - 1), up(at)];
		return {
			records: [...older.records, ...newer.records],
			from: older.from,
			to: newer.to,
			...bounds,
		};
	}
}
