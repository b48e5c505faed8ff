import { withoutStyles } from '../contract/line-filter.ts';
import { applySgr, plainSgr, sgrPrefix, sgrReset, sgrSequence } from '../monitor/sgr.ts';

/** Rows of the screen that are drawn past Ink, from row `top` (the first is 0) on. */
export type PaneRows = {
	readonly top: number;
	readonly height: number;
	/** At most `height`; each fits the terminal's width and ends with a reset when it has styles. */
	readonly rows: readonly string[];
};

/** Turns frames into the bytes that make the terminal show them. */
export type FramePainter = {
	/** Nothing is known any more of what the terminal shows. */
	forget(): void;
	/** The rows that the terminal is to show, those of the pane in place of the frame's own. */
	want(frame: readonly string[], pane: PaneRows | null, columns: number): void;
	isDone(): boolean;
	/**
	 * The next piece of what is missing, '' when nothing is: around the pane first, then the pane
	 * from its top. As many rows as `limit` characters hold, but one at least.
	 */
	paint(limit: number): string;
};

/** Shown all at once by terminals that know synchronized output (DEC mode 2026). */
const together = (text: string): string => `\x1b[?2026h${text}\x1b[?2026l`;

/** Modes of a painted screen. Without autowrap, a row that no longer fits can not move others. */
const paintedModes = '\x1b[?25l\x1b[?7l';
/** What {@link paintedModes} changes and Ink, when it leaves the screen, does not change back. */
export const unpaintedModes = '\x1b[?7h';

/** Characters of one cell on any terminal: ASCII, Latin, dashes, arrows, lines and blocks. */
const narrow =
	'(?:\\x1b\\[[\\d;:]*m|[\\x20-\\x7e\\xa1-\\xac\\xae-\\u02ff\\u2010-\\u2027\\u2190-\\u22ff\\u2500-\\u25fc\\u2758-\\u275a\\u276f])*';
const narrowStart = new RegExp(`^${narrow}`);
const allNarrow = new RegExp(`^${narrow}$`);
/** Nothing that joins the character before it. */
const separateStart = /^(?:\x1b\[[\d;:]*m)*(?:[\x20-\x7e]|$)/;
/** The beginning of a sequence that goes on behind it. */
const openSequence = /\x1b(?:\[[\d;:]*)?$/;

const cellsOf = (narrowText: string): number => withoutStyles(narrowText).length;

const stylesAfter = (text: string): string => {
	const state = plainSgr();
	for (const [, parameters = ''] of text.matchAll(sgrSequence)) applySgr(state, parameters);
	return sgrPrefix(state);
};

/** What two rows have in common at their start, as far as its cells can be counted for sure. */
const commonStart = (before: string, after: string): string => {
	let length = 0;
	while (length < after.length && before[length] === after[length]) length++;
	const start = narrowStart.exec(after.slice(0, length))?.[0] ?? '';
	const isSeparate = [before, after].every((row) => separateStart.test(row.slice(start.length)));
	return isSeparate ? start : '';
};

/** Length of what two rows have in common at their end and show in the same cells and styles. */
const commonEnd = (before: string, after: string, start: string): number => {
	const most = Math.min(before.length, after.length) - start.length;
	let length = 0;
	while (length < most && before.at(-1 - length) === after.at(-1 - length)) length++;
	const isOpen = (row: string): boolean => openSequence.test(row.slice(0, row.length - length));
	if (isOpen(before) || isOpen(after)) {
		length -= after.slice(after.length - length).indexOf('m') + 1;
	}
	const [was, is] = [before, after].map((row) => row.slice(0, row.length - length));
	const isSame =
		was !== undefined &&
		is !== undefined &&
		allNarrow.test(was) &&
		allNarrow.test(is) &&
		cellsOf(was) === cellsOf(is) &&
		stylesAfter(was) === stylesAfter(is) &&
		separateStart.test(after.slice(after.length - length));
	return isSame ? length : 0;
};

/** Writes a row over another one, where they differ. `before` is null when it is not known. */
const rowChange = (row: number, before: string | null, after: string, columns: number): string => {
	const start = commonStart(before ?? '', after);
	const cells = cellsOf(start);
	const end = before === null ? 0 : commonEnd(before, after, start);
	// The cursor can not stand behind the last cell.
	if (end === 0 && (cells === 0 || cells >= columns)) return `\x1b[${row + 1}H\x1b[K${after}`;
	const middle = stylesAfter(start) + after.slice(start.length, after.length - end);
	const place = `\x1b[${row + 1};${cells + 1}H`;
	if (end === 0) return `${place}\x1b[K${middle}`;
	return cellsOf(middle) === 0 ? '' : `${place}${middle}${sgrReset}`;
};

/** Rows that would be right after moving up by `by` rows, or down where it is negative. */
const rightAfterShift = (
	shown: readonly (string | null)[],
	wanted: readonly string[],
	{ top, height }: PaneRows,
	by: number,
): number => {
	let right = 0;
	for (let row = Math.max(0, -by); row < height - Math.max(0, by); row++) {
		if (shown[top + row + by] === wanted[top + row]) right++;
	}
	return right;
};

/** A scrolling terminal needs a few bytes to move what would take a line each to write anew. */
const worthScrolling = 2;

export const createFramePainter = (): FramePainter => {
	let shown: (string | null)[] = [];
	let wanted: readonly string[] = [];
	let pane: PaneRows | null = null;
	let columns = 0;
	let isFresh = true;
	let isScrolled = true;

	const bestShift = (region: PaneRows): number => {
		let best = 0;
		let most = rightAfterShift(shown, wanted, region, 0) + worthScrolling;
		for (let by = 1; by < region.height; by++) {
			for (const shift of [by, -by]) {
				const right = rightAfterShift(shown, wanted, region, shift);
				if (right > most) [best, most] = [shift, right];
			}
		}
		return best;
	};
	/** Line feeds at the region's end, or their reverse at its start: what every terminal can. */
	const scroll = (region: PaneRows): string => {
		const by = bestShift(region);
		if (by === 0) return '';
		const { top, height } = region;
		const blanks = Array<string>(Math.abs(by)).fill('');
		const rows = shown.slice(top, top + height);
		const moved =
			by > 0 ? [...rows.slice(by), ...blanks] : [...blanks, ...rows.slice(0, height + by)];
		shown.splice(top, height, ...moved);
		const feeds =
			by > 0 ? `\x1b[${top + height}H${'\n'.repeat(by)}` : `\x1b[${top + 1}H${'\x1bM'.repeat(-by)}`;
		return `\x1b[${top + 1};${top + height}r${feeds}\x1b[r`;
	};
	const isRight = (row: number): boolean => shown[row] === wanted[row];
	const isInPane = (row: number): boolean =>
		pane !== null && row >= pane.top && row < pane.top + pane.height;

	return {
		forget() {
			shown = shown.map(() => null);
			isFresh = true;
		},
		want(frame, nextPane, nextColumns) {
			pane = nextPane;
			columns = nextColumns;
			wanted = frame.map((line, row) =>
				pane !== null && isInPane(row) ? (pane.rows[row - pane.top] ?? '') : line,
			);
			if (shown.length !== wanted.length) shown = wanted.map(() => null);
			isScrolled = false;
		},
		isDone: () => wanted.every((_, row) => isRight(row)),
		paint(limit) {
			let bytes = '';
			let isFull = false;
			const change = (row: number): void => {
				if (isFull || isRight(row)) return;
				const after = wanted[row] ?? '';
				const more = rowChange(row, shown[row] ?? null, after, columns);
				isFull = bytes !== '' && bytes.length + more.length > limit;
				if (isFull) return;
				bytes += more;
				shown[row] = after;
			};
			for (const row of wanted.keys()) if (!isInPane(row)) change(row);
			if (pane !== null && !isFull) {
				if (!isScrolled) bytes += scroll(pane);
				isScrolled = true;
				for (const row of wanted.keys()) if (isInPane(row)) change(row);
			}
			if (bytes === '') return '';
			const start = isFresh ? paintedModes : '';
			isFresh = false;
			return together(`${start}${sgrReset}${bytes}`);
		},
	};
};
