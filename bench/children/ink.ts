/** Ink with nothing else: a `Text` for each row of the terminal, all of them new in each frame. */
import { render, Text } from 'ink';
import { createElement, Fragment } from 'react';
import { finish, residentMb, weighFrames } from './frames.ts';
import { rowText } from './lines.ts';

const { rows } = process.stdout;
let first = 0;
const screen = () =>
	createElement(
		Fragment,
		null,
		...Array.from({ length: rows }, (_, row) =>
			createElement(Text, { key: row }, rowText(first + row)),
		),
	);
const { rerender } = render(screen(), {
	alternateScreen: true,
	incrementalRendering: true,
	maxFps: 60,
});
const draw = (): void => {
	first += rows;
	rerender(screen());
};
const costs = await weighFrames(draw, { warmUp: 75, rounds: 5, frames: 20 });
finish({ rssMb: await residentMb(), ...costs });
