import type { IUnicodeVersionProvider } from '@xterm/headless';
import stringWidth from 'string-width';

/**
 * How a terminal counts cells: as one of 2010 does, which knows no emoji; character by character,
 * as most do; or by clusters, as the newest do.
 */
export type Widths = 'old' | 'by character' | 'by cluster';

const noCell = /^(?:\p{Mn}|\p{Me}|\p{Default_Ignorable_Code_Point}|[\u1160-\u11ff])$/u;
const segmenter = new Intl.Segmenter();

const characterCells = (codePoint: number): 0 | 1 | 2 => {
	const character = String.fromCodePoint(codePoint);
	if (noCell.test(character)) return 0;
	// Half a flag: only whoever goes by clusters knows the whole.
	if (/^\p{Regional_Indicator}$/u.test(character)) return 1;
	return stringWidth(character) === 2 ? 2 : 1;
};

/** In the terminal's own encoding: a state to go on from, cells, whether it joins the one before. */
const properties = (cells: number, isJoined: boolean): number =>
	(1 << 3) | (cells << 1) | Number(isJoined);

const byCharacter = (): IUnicodeVersionProvider => ({
	version: 'by character',
	wcwidth: characterCells,
	charProperties(codePoint, preceding) {
		const cells = characterCells(codePoint);
		const isJoined = cells === 0 && preceding !== 0;
		return properties(isJoined ? (preceding >> 1) & 3 : cells, isJoined);
	},
});

const byCluster = (): IUnicodeVersionProvider => {
	let cluster = '';
	return {
		version: 'by cluster',
		wcwidth: characterCells,
		charProperties(codePoint, preceding) {
			const joined = (preceding === 0 ? '' : cluster) + String.fromCodePoint(codePoint);
			const isJoined = preceding !== 0 && [...segmenter.segment(joined)].length === 1;
			cluster = isJoined ? joined : String.fromCodePoint(codePoint);
			const cells = isJoined ? Math.min(2, stringWidth(cluster)) : characterCells(codePoint);
			return properties(cells, isJoined);
		},
	};
};

/** What the terminal has to be given to count so; null for what it does by itself. */
export const widthProvider = (widths: Widths): IUnicodeVersionProvider | null => {
	if (widths === 'old') return null;
	return widths === 'by character' ? byCharacter() : byCluster();
};
