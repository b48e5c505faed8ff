import { logPageLimit } from '../contract/log.ts';
import { layoutOf } from './layout.ts';
import { cutLine, wrapLine } from './line-rows.ts';
import type { LogRing } from './log-ring.ts';
import type { Anchor, MonitorState } from './state.ts';

/** A row of the log pane. Continuations of a wrapped line have `row` > 0. */
export type LogRow = {
	readonly seq: number;
	readonly row: number;
	/** Epoch ms, NaN for none. */
	readonly time: number;
	readonly node: number | null;
	readonly level: string | null;
	/** At most as wide as the pane's text; ends with a reset when it has styles. */
	readonly text: string;
};

/** `12:01:03.221 ` */
const timeCells = 13;
const cachedLines = 2048;

/** Digits of the highest rank and a space; nothing when there is one node only. */
export const nodeCells = ({ snapshot }: Pick<MonitorState, 'snapshot'>): number => {
	const highest = Math.max(0, ...(snapshot?.sessions ?? []).map(({ node }) => node));
	return highest === 0 ? 0 : String(highest).length + 1;
};

const textCells = (state: MonitorState): number =>
	Math.max(2, state.columns - (state.timestamps ? timeCells : 0) - nodeCells(state));

type RowCache = { width: number; wrap: boolean; rows: Map<number, readonly string[]> };
const caches = new WeakMap<LogRing, RowCache>();

/** The rows of a line, which never changes: cut once for each width. */
const rowsOf = (state: MonitorState, seq: number): readonly string[] => {
	const width = textCells(state);
	let cache = caches.get(state.log);
	if (cache?.width !== width || cache.wrap !== state.wrap) {
		cache = { width, wrap: state.wrap, rows: new Map() };
		caches.set(state.log, cache);
	}
	const known = cache.rows.get(seq);
	if (known !== undefined) return known;
	const text = state.log.line(seq)?.text ?? '';
	const rows = state.wrap ? wrapLine(text, width) : [cutLine(text, width)];
	if (cache.rows.size >= cachedLines) cache.rows.clear();
	cache.rows.set(seq, rows);
	return rows;
};

export const isBefore = (one: Anchor, other: Anchor): boolean =>
	one.seq < other.seq || (one.seq === other.seq && one.row < other.row);

/** The first row of the screen when its last row is the newest; null when there are no lines. */
export const endTop = (state: MonitorState): Anchor | null => {
	const height = layoutOf(state).logRows;
	let need = height;
	let top: Anchor | null = null;
	let seq = state.log.atOrBefore(state.log.last, state.filter);
	while (seq !== null && need > 0) {
		const rows = rowsOf(state, seq).length;
		top = { seq, row: Math.max(0, rows - need) };
		need -= rows;
		seq = state.log.atOrBefore(seq - 1, state.filter);
	}
	return top;
};

/** The anchor on a line that is there and shown: the same place, or the next one after it. */
const settle = (state: MonitorState, { seq, row }: Anchor): Anchor | null => {
	const at = state.log.atOrAfter(seq, state.filter);
	if (at === null) return null;
	return { seq: at, row: at === seq ? Math.min(row, rowsOf(state, at).length - 1) : 0 };
};

/** The first row on the screen; null when there is nothing to show. */
export const topOf = (state: MonitorState): Anchor | null =>
	state.view.mode === 'follow' ? endTop(state) : settle(state, state.view.top);

/** Moves an anchor by rows, negative towards older lines, as far as there are lines. */
export const moveAnchor = (state: MonitorState, from: Anchor, by: number): Anchor => {
	let { seq, row } = from;
	row += by;
	while (row < 0) {
		const before = state.log.atOrBefore(seq - 1, state.filter);
		if (before === null) return { seq, row: 0 };
		seq = before;
		row += rowsOf(state, seq).length;
	}
	for (let rows = rowsOf(state, seq).length; row >= rows; rows = rowsOf(state, seq).length) {
		const after = state.log.atOrAfter(seq + 1, state.filter);
		if (after === null) return { seq, row: rows - 1 };
		seq = after;
		row -= rows;
	}
	return { seq, row };
};

/** The rows on the screen, from the top; fewer than fit when the log is short. */
export const visibleRows = (state: MonitorState): readonly LogRow[] => {
	const height = layoutOf(state).logRows;
	const top = topOf(state);
	const visible: LogRow[] = [];
	let seq = top?.seq ?? null;
	while (seq !== null && visible.length < height) {
		const line = state.log.line(seq);
		if (line === null) break;
		const skip = seq === top?.seq ? top.row : 0;
		const texts = rowsOf(state, seq).slice(skip, skip + height - visible.length);
		for (const [index, text] of texts.entries()) visible.push({ ...line, row: skip + index, text });
		seq = state.log.atOrAfter(seq + 1, state.filter);
	}
	return visible;
};

/** Lines under the last row of a paused screen: all of them, and those that came since the pause. */
export const linesBelow = (state: MonitorState): { readonly all: number; readonly new: number } => {
	if (state.view.mode === 'follow') return { all: 0, new: 0 };
	const last = visibleRows(state).at(-1)?.seq ?? 0;
	const count = (seq: number): number => state.log.countAfter(seq, state.filter);
	return { all: count(last), new: count(Math.max(last, state.view.seen)) };
};

/**
 * The cursor before which a page of lines should be asked from the server, null when none is
 * needed: a paused reader is within a screen of the oldest line in memory, or looks at a hole.
 */
export const olderPageNeeded = (state: MonitorState): number | null => {
	const { log, pages, view, snapshot } = state;
	const first = log.first;
	if (view.mode === 'follow' || pages.loading !== null || first === null) return null;
	const top = topOf(state) ?? { seq: first, row: 0 };
	const serverFirst = Math.max(1, snapshot?.log.first ?? 1);
	const reach = moveAnchor(state, top, -layoutOf(state).logRows);
	const isAtStart = log.atOrBefore(reach.seq - 1, state.filter) === null;
	const holes = visibleRows(state).map(({ seq }) => log.holeBefore(seq));
	const wanted = holes
		.filter((hole) => hole !== null && hole.to >= serverFirst && hole.from > 1)
		.map((hole) => Math.min((hole?.to ?? 0) + 1, (hole?.from ?? 0) + logPageLimit));
	if (isAtStart && first > serverFirst) wanted.unshift(first);
	return wanted.find((before) => !pages.barren.includes(before)) ?? null;
};
