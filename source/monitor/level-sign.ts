import { levelOf } from '../contract/level-words.ts';

/** Cells of the column between node and text: the sign of a level and a space. */
export const levelCells = 2;

/** The sign of a level, one cell: `W` for a warning, `E` for an error, a space for all else. */
export const levelSign = (level: string | null): string => {
	const known = levelOf(level ?? '');
	return known === 'ERROR' ? 'E' : known === 'WARNING' ? 'W' : ' ';
};
