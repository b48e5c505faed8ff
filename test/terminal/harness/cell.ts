import type { IBufferCell } from '@xterm/headless';

/** `null` is the terminal's own colour, a number an entry of the palette, else `#rrggbb`. */
export type Colour = number | `#${string}` | null;

export type Cell = {
	/** Empty in a cell that nothing was written to, and in the second cell of a wide character. */
	readonly text: string;
	readonly width: number;
	readonly fg: Colour;
	readonly bg: Colour;
	readonly bold: boolean;
	readonly dim: boolean;
	readonly italic: boolean;
	readonly underline: boolean;
	readonly inverse: boolean;
	readonly strikethrough: boolean;
};

const colour = (isDefault: boolean, isRgb: boolean, value: number): Colour => {
	if (isDefault) return null;
	return isRgb ? `#${value.toString(16).padStart(6, '0')}` : value;
};

export const cellOf = (cell: IBufferCell): Cell => ({
	text: cell.getChars(),
	width: cell.getWidth(),
	fg: colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
	bg: colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
	bold: cell.isBold() !== 0,
	dim: cell.isDim() !== 0,
	italic: cell.isItalic() !== 0,
	underline: cell.isUnderline() !== 0,
	inverse: cell.isInverse() !== 0,
	strikethrough: cell.isStrikethrough() !== 0,
});
