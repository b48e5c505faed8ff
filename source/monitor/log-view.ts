import { isEveryLine, withoutStyles } from '../contract/line-filter.ts';
import type { Pattern } from '../contract/pattern.ts';
import { highlight } from './highlight.ts';
import { layoutOf } from './layout.ts';
import { levelCells } from './level-sign.ts';
import { cutLine, wrapLine } from './line-rows.ts';
import type { LogChunk } from './log-chunk.ts';
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
	/** All rows of the line: the same list for as long as they are kept, to keep things beside it. */
	readonly cut: readonly string[];
	/** Whether the line has styles of its own: those of its level would hide them. */
	readonly isStyled: boolean;
	/** What stands in place of the level's sign: a bookmark, or a traceback, open or folded. */
	readonly mark: '' | '◆' | '▾' | '▸';
	/** Whether it is among the lines that are being chosen. */
	readonly isSelected: boolean;
};

/** `12:01:03.221 ` */
const timeCells = 13;
/** Lines whose rows are kept at most, then all are made anew. */
const cachedLines = 8192;

/** Digits of the highest rank and a space; nothing when there is one node only. */
export const nodeCells = ({ snapshot }: Pick<MonitorState, 'snapshot'>): number => {
	const highest = Math.max(0, ...(snapshot?.sessions ?? []).map(({ node }) => node));
	return highest === 0 ? 0 : String(highest).length + 1;
};

const textCells = (state: MonitorState): number =>
	Math.max(2, state.columns - (state.timestamps ? timeCells : 0) - nodeCells(state) - levelCells);

/** What the rows of lines depend on beside their text. */
type Cut = { readonly width: number; readonly wrap: boolean; readonly pattern: Pattern | null };
/** Rows of the lines of a chunk, by index: they go when the chunk does. */
type ChunkRows = Map<number, readonly string[]>;
type RowCache = { cut: Cut; chunks: WeakMap<LogChunk, ChunkRows>; lines: number };
const caches = new WeakMap<LogRing, RowCache>();

const cacheOf = ({ log, wrap, search }: MonitorState, width: number): RowCache => {
	const known = caches.get(log);
	const pattern = search?.pattern ?? null;
	if (known !== undefined) {
		const { cut, lines } = known;
		const isSame = cut.width === width && cut.wrap === wrap && cut.pattern === pattern;
		if (isSame && lines < cachedLines) return known;
	}
	const cache = { cut: { width, wrap, pattern }, chunks: new WeakMap(), lines: 0 };
	caches.set(log, cache);
	return cache;
};

/** The rows of a line, which never changes: cut once for each width and each search. */
const rowsOf = (state: MonitorState, seq: number): readonly string[] => {
	const width = textCells(state);
	const place = state.log.placeOf(seq);
	if (place === null || state.search?.at === seq) return cutRows(state, seq, width);
	const cache = cacheOf(state, width);
	let rows = cache.chunks.get(place.chunk);
	if (rows === undefined) {
		rows = new Map();
		cache.chunks.set(place.chunk, rows);
	}
	const known = rows.get(place.index);
	if (known !== undefined) return known;
	const fresh = cutRows(state, seq, width);
	rows.set(place.index, fresh);
	cache.lines++;
	return fresh;
};

const cutRows = (state: MonitorState, seq: number, width: number): readonly string[] => {
	const { log, search, wrap } = state;
	const line = log.line(seq)?.text ?? '';
	const ranges = search?.pattern.ranges(withoutStyles(line)) ?? [];
	const text = highlight(line, ranges, search?.at === seq ? 'current' : 'match');
	return wrap ? wrapLine(text, width) : [cutLine(text, width)];
};

export const isBefore = (one: Anchor, other: Anchor): boolean =>
	one.seq < other.seq || (one.seq === other.seq && one.row < other.row);

/** Shown lines next to a cursor, as far as nothing is missing in memory between the two. */
const shownBefore = ({ log, shown }: MonitorState, seq: number): number | null => {
	const found = shown.previous(seq - 1);
	return found !== null && log.isWhole(found, seq) ? found : null;
};
const shownAfter = ({ log, shown }: MonitorState, seq: number): number | null => {
	const found = shown.next(seq + 1);
	return found !== null && log.isWhole(seq, found) ? found : null;
};

/** The first row of the screen when its last row is the newest; null when there are no lines. */
export const endTop = (state: MonitorState): Anchor | null => {
	const { log, shown } = state;
	let need = layoutOf(state).logRows;
	let top: Anchor | null = null;
	let seq = log.end === null ? null : shown.previous(log.end);
	if (seq !== null && !log.isWhole(seq, log.end ?? seq)) return null;
	while (seq !== null && need > 0) {
		const rows = rowsOf(state, seq).length;
		top = { seq, row: Math.max(0, rows - need) };
		need -= rows;
		seq = shownBefore(state, seq);
	}
	return top;
};

/**
 * The anchor on a line that is there and shown: the same place, or the next one after it, or else
 * the one before it. Null when its lines are not in memory, or none of them is shown.
 */
export const settle = (state: MonitorState, { seq, row }: Anchor): Anchor | null => {
	const { log, shown } = state;
	if (!log.covers(seq)) return null;
	if (shown.next(seq) === seq) return { seq, row: Math.min(row, rowsOf(state, seq).length - 1) };
	const at = shownAfter(state, seq) ?? shownBefore(state, seq);
	return at === null ? null : { seq: at, row: 0 };
};

/** The first row on the screen; null when there is nothing to show. */
export const topOf = (state: MonitorState): Anchor | null =>
	state.view.mode === 'follow' ? endTop(state) : settle(state, state.view.top);

/** Moves an anchor by rows, negative towards older lines, as far as there are lines. */
export const moveAnchor = (state: MonitorState, from: Anchor, by: number): Anchor => {
	let { seq, row } = from;
	row += by;
	while (row < 0) {
		const before = shownBefore(state, seq);
		if (before === null) return { seq, row: 0 };
		seq = before;
		row += rowsOf(state, seq).length;
	}
	for (let rows = rowsOf(state, seq).length; row >= rows; rows = rowsOf(state, seq).length) {
		const after = shownAfter(state, seq);
		if (after === null) return { seq, row: rows - 1 };
		seq = after;
		row -= rows;
	}
	return { seq, row };
};

/** The rows on the screen, from the top; fewer than fit when the log is short. */
export const visibleRows = (state: MonitorState): readonly LogRow[] => {
	const { overlay, bookmarks, isFolded } = state;
	const height = layoutOf(state).logRows;
	const top = topOf(state);
	const visible: LogRow[] = [];
	const [start, end] = overlay?.kind === 'select' ? selectionOf(overlay) : [1, 0];
	let seq = top?.seq ?? null;
	while (seq !== null && visible.length < height) {
		const line = state.log.line(seq);
		if (line === null) break;
		const skip = seq === top?.seq ? top.row : 0;
		const cut = rowsOf(state, seq);
		const texts = cut.slice(skip, skip + height - visible.length);
		const { time, node, level } = line;
		const isStyled = line.text.includes('\x1b');
		const isBookmarked = bookmarks.length > 0 && bookmarks.includes(seq);
		const traceback = line.isTracebackHead ? (isFolded ? '▸' : '▾') : '';
		const mark = isBookmarked ? '◆' : traceback;
		const isSelected = seq >= start && seq <= end;
		for (const [index, text] of texts.entries()) {
			const row = skip + index;
			visible.push({ seq, row, time, node, level, text, cut, isStyled, mark, isSelected });
		}
		seq = shownAfter(state, seq);
	}
	return visible;
};

/** First and last cursor of the lines that are being chosen. */
export const selectionOf = ({
	from,
	to,
}: {
	readonly from: number;
	readonly to: number;
}): readonly [first: number, last: number] => [Math.min(from, to), Math.max(from, to)];

/** Lines under the last row of a paused screen: all of them, and those that came since the pause. */
export type LinesBelow = {
	readonly all: number;
	readonly new: number;
	/** Whether there may be more of them, in lines that are not in memory. */
	readonly isPartial: boolean;
};

export const linesBelow = (state: MonitorState): LinesBelow => {
	const { log, view, shown } = state;
	if (view.mode === 'follow') return { all: 0, new: 0, isPartial: false };
	const last = visibleRows(state).at(-1)?.seq ?? view.top.seq - 1;
	// What is not in memory counts too: each cursor stands for a line.
	const isWhole = log.covers(last) && log.isWhole(last, log.end ?? last);
	const isKnown = isWhole || !isEveryLine(state.filters);
	const count = (seq: number): number =>
		isKnown ? shown.count(seq + 1, log.last) : log.last - seq;
	const isPartial = isKnown && !isWhole;
	return { all: count(last), new: count(Math.max(last, view.seen)), isPartial };
};
