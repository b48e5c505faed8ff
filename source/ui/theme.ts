import type { TextProps } from 'ink';
import { createContext, useContext } from 'react';
import { levelOf } from '../contract/level-words.ts';
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

/**
 * SGR backgrounds of the stripes of nodes. Red and yellow are left to what is wrong. The first ones
 * are those that stay apart best, whatever the palette and the eyes: see docs/decisions.md.
 */
const stripes = ['44', '42', '46', '45'] as const;
/** SGR parameters of numbers, so that nodes with the same stripe differ: bold, underlined, both. */
const numbers = ['', '1', '4', '1;4'] as const;

/** SGR parameters by which a node is known in the log: of its number, and of the cell after it. */
export const nodeLook = (node: number): { readonly number: string; readonly stripe: string } => ({
	number: numbers[Math.floor(node / stripes.length) % numbers.length] ?? '',
	stripe: stripes[node % stripes.length] ?? '',
});

/** SGR parameters of a level: of its sign, and of text without colours of its own. */
export type LevelLook = { readonly sign: string; readonly text: string };

const plainLevel: LevelLook = { sign: '', text: '' };
const levelLooks: ReadonlyMap<string, LevelLook> = new Map([
	// Yellow text can not be read on white; black on yellow can be read on everything.
	['WARNING', { sign: '30;43', text: '1' }],
	['ERROR', { sign: '1;7;31', text: '1;31' }],
	[gapLevel, { sign: '7', text: '7' }],
]);

/** The look of a level, as it comes with a log record. */
export const levelLook = (level: string | null): LevelLook =>
	level === null ? plainLevel : (levelLooks.get(levelOf(level) ?? level) ?? plainLevel);
