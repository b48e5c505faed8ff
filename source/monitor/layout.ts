import { conditionsOf } from './filters.ts';
import { noticeOf } from './notice.ts';
import type { MonitorState, Overlay } from './state.ts';

/** Smallest terminal that the screen is drawn on. */
export const smallestColumns = 60;
export const smallestRows = 10;
/** Below this many rows the table has no frame, and one line per node. */
const framedFromRows = 16;
/** So many nodes have to fit into a frame, or else it is better spent on nodes. */
const framedNodes = 3;
/** Top, heading, rule and bottom of a framed table. */
const frameRows = 4;

/** Rows of each part, from the top. They add up to the terminal's rows. */
export type Layout = {
	readonly isTooSmall: boolean;
	readonly isFramed: boolean;
	/** Nodes that the table shows at once. */
	readonly tableNodes: number;
	readonly tableRows: number;
	readonly logRows: number;
	/** What an overlay takes at the foot of the log. */
	readonly panelRows: number;
	/** What a message too long for the footer takes. */
	readonly noticeRows: number;
};

/** A rule with the title, and the rows under it. The help takes the place of table and log. */
const panelRows: Readonly<Record<Overlay['kind'], number>> = {
	help: 0,
	extend: 1 + 1,
	trigger: 1 + 3,
	stop: 1 + 1,
	// And as many jobs as there is room for.
	jobs: 1 + 1,
	// And a line for each node, as far as there is room.
	metrics: 1,
	pattern: 1 + 1,
	goto: 1 + 1,
	// And a line for each filter, as far as there is room.
	filters: 1,
	// The footer says it all.
	select: 0,
	save: 1 + 1,
};

/** Jobs that the picker shows at once on a terminal of so many rows. */
export const pickerJobs = (rows: number): number => Math.max(2, Math.min(12, Math.floor(rows / 3)));

/** Entries that an overlay lists. */
const entriesOf = ({ overlay, snapshot, filters }: Sized): number => {
	switch (overlay?.kind) {
		case 'jobs':
			return Number.POSITIVE_INFINITY;
		case 'metrics':
			return Math.max(1, snapshot?.sessions.length ?? 0);
		case 'filters':
			return Math.max(1, conditionsOf(filters).length);
		default:
			return 0;
	}
};

/** Header and footer. */
const lineRows = 2;

type Sized = Pick<
	MonitorState,
	'columns' | 'rows' | 'snapshot' | 'overlay' | 'message' | 'filters'
>;

/** Shares the terminal's rows out: header, table (a third at most), log, panel, notice, footer. */
export const layoutOf = (state: Sized): Layout => {
	const { columns, rows, snapshot, overlay } = state;
	const nodes = Math.max(1, snapshot?.sessions.length ?? 0);
	const third = Math.floor(rows / 3);
	const isFramed = rows >= framedFromRows && third - frameRows >= Math.min(nodes, framedNodes);
	const frame = isFramed ? frameRows : 0;
	const listed = Math.min(entriesOf(state), pickerJobs(rows));
	const panel = overlay === null ? 0 : panelRows[overlay.kind] + listed;
	const noticed = noticeOf(state)?.rows.length ?? 0;
	const notice = Math.min(noticed > 1 ? noticed : 0, Math.floor(rows / 6));
	const fixed = lineRows + panel + notice;
	const room = Math.min(third, rows - fixed - 1) - frame;
	const tableNodes = Math.min(nodes, Math.max(1, room));
	const tableRows = tableNodes + frame;
	return {
		isTooSmall: columns < smallestColumns || rows < smallestRows,
		isFramed,
		tableNodes,
		tableRows,
		panelRows: panel,
		noticeRows: notice,
		logRows: Math.max(1, rows - fixed - tableRows),
	};
};
