import type { MonitorState, Overlay } from './state.ts';

/** Smallest terminal that the screen is drawn on. */
export const smallestColumns = 60;
export const smallestRows = 10;
/** Below this many rows the table has no frame, and one line per node. */
const framedFromRows = 16;
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
};

/** A rule, a title, and then: */
const panelRows: Readonly<Record<Overlay['kind'], number>> = {
	help: 0,
	extend: 2 + 1,
	trigger: 2 + 3 + 1,
	stop: 2 + 1,
};

type Sized = Pick<MonitorState, 'columns' | 'rows' | 'snapshot' | 'overlay'>;

/** Shares the terminal's rows out: header, table (a third at most), log, panel, footer. */
export const layoutOf = ({ columns, rows, snapshot, overlay }: Sized): Layout => {
	const nodes = Math.max(1, snapshot?.sessions.length ?? 0);
	const isFramed = rows >= framedFromRows;
	const frame = isFramed ? frameRows : 0;
	const tableNodes = Math.min(nodes, Math.max(1, Math.floor(rows / 3) - frame));
	const panel = overlay === null ? 0 : panelRows[overlay.kind];
	const tableRows = tableNodes + frame;
	return {
		isTooSmall: columns < smallestColumns || rows < smallestRows,
		isFramed,
		tableNodes,
		tableRows,
		panelRows: panel,
		logRows: Math.max(1, rows - tableRows - panel - 2),
	};
};
