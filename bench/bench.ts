/**
 * Measures what docs/performance.md tells: `npm run bench`, or `npm run bench -- scp` for a part.
 * `--json` prints the figures for other programs. Exits with 1 when a goal is missed.
 */
import { table } from '../source/commands/output.ts';
import { measureActivation } from './activation.ts';
import type { Figure } from './figures.ts';
import { measureMirror } from './mirror.ts';
import { measureScp } from './scp.ts';
import { measureScreen } from './screen.ts';

const parts: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
	activation: measureActivation,
	mirror: measureMirror,
	scp: measureScp,
	screen: measureScreen,
};

const words = process.argv.slice(2);
const chosen = words.filter((word) => !word.startsWith('--'));
const unknown = chosen.find((name) => !(name in parts));
if (unknown !== undefined) {
	console.error(`There is no part "${unknown}". Parts: ${Object.keys(parts).join(', ')}.`);
	process.exit(2);
}
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
	if (chosen.length > 0 && !chosen.includes(name)) continue;
	console.error(`measuring ${name}`);
	figures.push(...(await measure()));
}
console.log(
	words.includes('--json')
		? JSON.stringify(figures, null, 2)
		: table(
				['WHAT', 'GOAL', '', 'MEASURED'],
				figures.map(({ what, measured, goal, reached }) => [
					what,
					goal,
					reached ? 'ok' : 'missed',
					measured,
				]),
			),
);
process.exitCode = figures.every(({ reached }) => reached) ? 0 : 1;
