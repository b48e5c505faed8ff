import { withoutStyles } from '../contract/line-filter.ts';
import { formatTime } from '../monitor/clock-time.ts';
import { levelSign } from '../monitor/level-sign.ts';
import type { LogRow } from '../monitor/log-view.ts';
import { sgrReset, withoutColours } from '../monitor/sgr.ts';
import { levelLook, nodeLook } from './theme.ts';

const styled = (parameters: string, text: string): string =>
	parameters === '' || text === '' ? text : `\x1b[${parameters}m${text}${sgrReset}`;

/** How rows are drawn. */
export type RowStyle = {
	readonly timestamps: boolean;
	/** Width of the node's number and its space, 0 for none. */
	readonly nodeCells: number;
	/** Width of the level's sign and its space, 0 for none. */
	readonly levelCells: number;
	readonly hasColour: boolean;
};

/**
 * A row of the log pane as one string: raw sequences cost a fraction of nested elements, and
 * there is a row for each line of the terminal in every frame. The rows of a line after its first
 * have neither time nor node nor sign.
 */
export const logRowText = (row: LogRow, style: RowStyle): string => {
	const { timestamps, nodeCells, levelCells, hasColour } = style;
	const isFirst = row.row === 0;
	const time = timestamps ? `${formatTime(isFirst ? row.time : Number.NaN)} ` : '';
	const node = nodeCells === 0 ? '' : nodeText(row, nodeCells, hasColour);
	const sign = isFirst && levelCells > 0 ? row.mark || levelSign(row.level).trim() : '';
	const space = ' '.repeat(levelCells - sign.length);
	if (row.isSelected) {
		return styled('7', withoutStyles(time + node + sign + space + row.text));
	}
	if (!hasColour) return time + node + sign + space + withoutColours(row.text);
	const look = levelLook(row.level);
	return styled('2', time) + node + styled(look.sign, sign) + space + levelled(row, look.text);
};

/** What rows of a line look like, by row; as long as `key` is what their looks depend on. */
type Drawn = { readonly key: string; readonly texts: string[] };
const drawn = new WeakMap<LogRow['cut'], Drawn>();

/** {@link logRowText}, made once for each row: it is kept beside the cut rows, and goes with them. */
export const drawnRow = (row: LogRow, style: RowStyle): string => {
	const { timestamps, nodeCells, levelCells, hasColour } = style;
	const key = [timestamps, nodeCells, levelCells, hasColour, row.mark, row.isSelected].join();
	let known = drawn.get(row.cut);
	if (known?.key !== key) {
		known = { key, texts: [] };
		drawn.set(row.cut, known);
	}
	const text = known.texts[row.row] ?? logRowText(row, style);
	known.texts[row.row] = text;
	return text;
};

/** The text in the look of its level, unless it has styles of its own. Marks of a search stay. */
const levelled = ({ text, isStyled }: LogRow, look: string): string => {
	if (isStyled || look === '' || text === '') return text;
	return styled(look, text.replaceAll(sgrReset, `\x1b[0;${look}m`));
};

/** The number of a node, and its stripe where the number stands beside it. */
const nodeText = ({ row, node }: LogRow, cells: number, hasColour: boolean): string => {
	if (row > 0) return ' '.repeat(cells);
	const name = String(node ?? '·');
	const before = ' '.repeat(Math.max(0, cells - 1 - name.length));
	if (!hasColour) return `${before}${name} `;
	if (node === null) return before + styled('2', `${name} `);
	const look = nodeLook(node);
	return before + styled(look.number, name) + styled(look.stripe, ' ');
};
