/** No Ink: all rows of the terminal written over the old ones, in one write. */
import { finish, residentMb, weighFrames } from './frames.ts';
import { rowText } from './lines.ts';

const { rows } = process.stdout;
let first = 0;
const draw = (): void => {
	first += rows;
	const lines = Array.from({ length: rows }, (_, row) => `${rowText(first + row)}\x1b[K`);
	process.stdout.write(`\x1b[H${lines.join('\r\n')}`);
};
const costs = await weighFrames(draw, { warmUp: 75, rounds: 5, frames: 20 });
finish({ rssMb: await residentMb(), ...costs });
