import type { TextProps } from 'ink';
import { createContext, useContext } from 'react';
import { gapLevel } from '../monitor/reduce-feed.ts';
import type { Tone } from '../monitor/tone.ts';

/** How a tone looks. Only the 16 colours that a user's own palette makes readable. */
export type Look = Pick<TextProps, 'bold' | 'color' | 'dimColor' | 'inverse'>;

const looks: Readonly<Record<Tone, Look>> = {
	plain: {},
	dim: { dimColor: true },
	accent: { color: 'cyan' },
	good: { color: 'green' },
	warn: { color: 'yellow' },
	bad: { color: 'red' },
};

/**
 * Whether colours are drawn. chalk, which Ink colours with, does not know NO_COLOR, so it is
 * honoured here: without colours a look keeps only what any terminal shows.
 */
export const ColourContext = createContext(true);

/** The look of a tone, `isStrong` in bold. */
export const lookOf = (tone: Tone, isStrong: boolean, hasColour: boolean): Look => {
	const { color, ...rest } = looks[tone];
	return {
		...rest,
		...(hasColour && color !== undefined ? { color } : {}),
		...(isStrong ? { bold: true } : {}),
	};
};

/** {@link lookOf} for the screen that is drawn. */
export const useLook = (): ((tone: Tone, isStrong?: boolean) => Look) => {
	const hasColour = useContext(ColourContext);
	return (tone, isStrong = false) => lookOf(tone, isStrong, hasColour);
};

/** SGR foregrounds of node numbers. Red and yellow are left to what is wrong. */
const nodeColours = ['36', '35', '32', '34'] as const;

/** The SGR parameters by which a node is known in the log: four colours, then the same in bold. */
export const nodeSgr = (node: number): string => {
	const colour = nodeColours[node % nodeColours.length] ?? '39';
	return Math.floor(node / nodeColours.length) % 2 === 0 ? colour : `1;${colour}`;
};

/** SGR parameters for lines of a level, if they have no colours of their own. */
export const levelSgr: Readonly<Record<string, string>> = {
	WARNING: '33',
	WARN: '33',
	ERROR: '31',
	CRITICAL: '31',
	FATAL: '31',
	[gapLevel]: '7',
};
