import stringWidth from 'string-width';
import { agreedText } from '../contract/agreed-text.ts';
import { cutLine } from './line-rows.ts';
import type { Segment } from './tone.ts';

const controls = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;

/** Without what could move a cursor or a border: names and codes come from a server. */
export const safeText = (text: string): string => agreedText(text.replace(controls, ''));

/** The text cut to at most `width` cells, with `…` for what is missing; '' below one cell. */
export const fitText = (text: string, width: number): string => {
	if (width < 1) return '';
	if (stringWidth(text) <= width) return text;
	return width === 1 ? '…' : cutLine(text, width);
};

/** The end of a text in at most `width` cells, with `…` for what is missing before it. */
export const fitEnd = (text: string, width: number): string => {
	if (stringWidth(text) <= width) return text;
	const characters = Array.from(text);
	let cells = 1;
	let from = characters.length;
	while (from > 0) {
		cells += stringWidth(characters[from - 1] ?? '');
		if (cells > width) break;
		from--;
	}
	return `…${characters.slice(from).join('')}`;
};

export const segmentsWidth = (segments: readonly Segment[]): number =>
	segments.reduce((sum, { text }) => sum + stringWidth(text), 0);

/** As many cells of the segments as there are, the last one cut. */
export const fitSegments = (segments: readonly Segment[], width: number): readonly Segment[] => {
	const fitted: Segment[] = [];
	let left = width;
	for (const segment of segments) {
		const text = fitText(segment.text, left);
		if (text === '') break;
		fitted.push({ ...segment, text });
		left -= stringWidth(text);
	}
	return fitted;
};
