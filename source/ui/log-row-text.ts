import { formatTime } from '../monitor/clock-time.ts';
import type { LogRow } from '../monitor/log-view.ts';
import { sgrReset, sgrSequence } from '../monitor/sgr.ts';
import { levelSgr, nodeSgr } from './theme.ts';

const styled = (parameters: string, text: string): string =>
	`\x1b[${parameters}m${text}${sgrReset}`;

/** How rows are drawn. `nodeCells`: width of the node's number and its space, 0 for none. */
export type RowStyle = {
	readonly timestamps: boolean;
	readonly nodeCells: number;
	readonly hasColour: boolean;
};

/**
 * A row of the log pane as one string: raw sequences cost a fraction of nested elements, and
 * there is a row for each line of the terminal in every frame.
 */
export const logRowText = (row: LogRow, { timestamps, nodeCells, hasColour }: RowStyle): string => {
	const isFirst = row.row === 0;
	const time = timestamps ? `${formatTime(isFirst ? row.time : Number.NaN)} ` : '';
	const name = isFirst ? String(row.node ?? '·') : '';
	const node = nodeCells === 0 ? '' : `${name.padStart(nodeCells - 1)} `;
	if (!hasColour) return time + node + row.text.replace(sgrSequence, '');
	const tint = row.text.includes('\x1b') ? undefined : levelSgr[row.level?.toUpperCase() ?? ''];
	return (
		(time === '' ? '' : styled('2', time)) +
		(node === '' ? '' : styled(row.node === null ? '2' : nodeSgr(row.node), node)) +
		(tint === undefined || row.text === '' ? row.text : styled(tint, row.text))
	);
};
