import type { TextRange } from '../contract/pattern.ts';
import { sgrSequence } from './sgr.ts';

/** How a match looks: reversed, and underlined in the line that the search stands on. */
const marks = {
	match: { on: '\x1b[7m', off: '\x1b[27m' },
	current: { on: '\x1b[4;7m', off: '\x1b[24;27m' },
} as const;

/**
 * A clean line with marks around ranges of its plain text. Styles of its own go on under the marks.
 */
export const highlight = (
	text: string,
	ranges: readonly TextRange[],
	kind: keyof typeof marks,
): string => {
	if (ranges.length === 0) return text;
	const { on, off } = marks[kind];
	let marked = '';
	/** Places in the plain text and in the text. */
	let plain = 0;
	let at = 0;
	let next = 0;
	let isOn = false;
	const copyTo = (end: number): void => {
		while (at < end) {
			const [from, to] = ranges[next] ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
			const edge = isOn ? to : from;
			const length = Math.min(end - at, edge - plain);
			marked += text.slice(at, at + length);
			at += length;
			plain += length;
			if (plain !== edge) continue;
			marked += isOn ? off : on;
			if (isOn) next++;
			isOn = !isOn;
		}
	};
	for (const { index, 0: sequence } of text.matchAll(sgrSequence)) {
		copyTo(index);
		// A reset within a match would end the mark as well.
		marked += isOn ? sequence + on : sequence;
		at = index + sequence.length;
	}
	copyTo(text.length);
	return isOn ? marked + off : marked;
};
