import stringWidth from 'string-width';
import { beyondOneCell, clustersOf } from '../contract/agreed-text.ts';
import { applySgr, plainSgr, sgrPrefix, sgrReset, sgrSequence } from './sgr.ts';

/** A line without its styles, and where each style change stood. */
type StyledLine = {
	readonly plain: string;
	readonly changes: readonly { readonly at: number; readonly parameters: string }[];
};

const parseStyles = (text: string): StyledLine => {
	if (!text.includes('\x1b')) return { plain: text, changes: [] };
	const changes: { at: number; parameters: string }[] = [];
	let plain = '';
	let end = 0;
	for (const match of text.matchAll(sgrSequence)) {
		plain += text.slice(end, match.index);
		end = match.index + match[0].length;
		changes.push({ at: plain.length, parameters: match[1] ?? '' });
	}
	return { plain: plain + text.slice(end), changes };
};

/** A piece of a line's plain text that makes a row, from `from` up to `to`. */
type Span = { readonly from: number; readonly to: number };

/** Of a text whose characters all take one cell. */
const evenSpans = (plain: string, width: number, limit: number): readonly Span[] => {
	const spans: Span[] = [];
	let from = 0;
	for (const paragraph of plain.split('\n')) {
		const end = from + paragraph.length;
		do {
			if (spans.length === limit) return spans;
			spans.push({ from, to: Math.min(from + width, end) });
			from += width;
		} while (from < end);
		from = end + 1;
	}
	return spans;
};

/** Cells of clusters that were counted lately: counting costs more than all the rest. */
const counted = new Map<string, number>();
const mostCounted = 4096;

const cellsOf = (cluster: string): number => {
	const known = counted.get(cluster);
	if (known !== undefined) return known;
	const cells = stringWidth(cluster);
	if (counted.size >= mostCounted) counted.clear();
	counted.set(cluster, cells);
	return cells;
};

/** A character with the marks that take no cell of their own. */
const markedCharacter = /.[\p{Mn}\p{Me}\u200c]*/gsu;

type Cluster = { readonly text: string; readonly at: number; readonly cells: number };

/** Clusters with their cells; one that is wider than any glyph comes in its characters. */
function* countedClusters(plain: string): Generator<Cluster> {
	let at = 0;
	for (const text of clustersOf(plain)) {
		const cells = cellsOf(text);
		if (cells <= 2) {
			yield { text, at, cells };
		} else {
			for (const { 0: part, index } of text.matchAll(markedCharacter)) {
				yield { text: part, at: at + index, cells: cellsOf(part) };
			}
		}
		at += text.length;
	}
}

/** Breaks between grapheme clusters; one that finds no room on its row starts the next. */
const clusterSpans = (plain: string, width: number, limit: number): readonly Span[] => {
	const spans: Span[] = [];
	let from = 0;
	let used = 0;
	for (const { text, at, cells } of countedClusters(plain)) {
		const isFeed = text === '\n';
		if (!isFeed && used + cells <= width) {
			used += cells;
			continue;
		}
		spans.push({ from, to: at });
		if (spans.length === limit) return spans;
		from = isFeed ? at + 1 : at;
		used = cells;
	}
	spans.push({ from, to: plain.length });
	return spans;
};

/**
 * Breaks a clean line into rows of at most `width` cells (at least 2), and stops after `limit` of
 * them. Styles go on from row to row, and each row that has any ends with a reset.
 */
export const wrapLine = (
	text: string,
	width: number,
	limit: number = Number.POSITIVE_INFINITY,
): readonly string[] => {
	if (text.length <= width && !beyondOneCell.test(text)) return [text];
	const { plain, changes } = parseStyles(text);
	const spansOf = beyondOneCell.test(plain.replaceAll('\n', '')) ? clusterSpans : evenSpans;
	const state = plainSgr();
	let next = 0;
	return spansOf(plain, width, limit).map(({ from, to }) => {
		let row = '';
		let isStyled = false;
		let at = from;
		let pending = sgrPrefix(state);
		const show = (end: number): void => {
			if (end <= at) return;
			isStyled ||= pending !== '';
			row += pending + plain.slice(at, end);
			at = end;
			pending = '';
		};
		for (let change = changes[next]; change !== undefined && change.at < to; ) {
			show(change.at);
			applySgr(state, change.parameters);
			pending = (isStyled ? sgrReset : '') + sgrPrefix(state);
			next++;
			change = changes[next];
		}
		show(to);
		return isStyled ? row + sgrReset : row;
	});
};

/** The one row of a line that is cut to `width` cells (at least 2); `…` says that there is more. */
export const cutLine = (text: string, width: number): string => {
	if (text.length <= width && !beyondOneCell.test(text)) return text;
	const line = text.includes('\n') ? text.replaceAll('\n', ' ↵ ') : text;
	if (!beyondOneCell.test(line)) {
		return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
	}
	const rows = wrapLine(line, width, 2);
	const isWhole = rows.length === 1;
	return isWhole ? (rows[0] ?? '') : `${wrapLine(line, width - 1, 1)[0] ?? ''}…`;
};
