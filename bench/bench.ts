/**
 * Measures what docs/performance.md tells: `npm run bench`, or `npm run bench -- scp frame` for
 * parts. `--json` prints the figures for other programs. Exits with 1 when a goal is missed.
 */
import { table } from '../source/commands/output.ts';
import { measureActivation } from './activation.ts';
import { measureBaseten } from './baseten.ts';
import type { Figure } from './figures.ts';
import { measureFrame } from './frame.ts';
import { measureIngest } from './ingest.ts';
import { measurePages } from './pages.ts';
import { measurePane } from './pane.ts';
import { measureScp } from './scp.ts';
import { measureScreen } from './screen.ts';
import { measureSearch } from './search.ts';
import { measureStart } from './start.ts';

const parts: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
	start: measureStart,
	screen: measureScreen,
	baseten: measureBaseten,
	ingest: measureIngest,
	frame: measureFrame,
	pane: measurePane,
	pages: measurePages,
	search: measureSearch,
	activation: measureActivation,
	scp: measureScp,
};

const words = process.argv.slice(2);
const chosen = words.filter((word) => !word.startsWith('--'));
const unknown = chosen.find((name) => !(name in parts));
if (unknown !== undefined) {
	console.error(`There is no part "${unknown}". Parts: ${Object.keys(parts).join(', ')}.`);
	process.exit(2);
}
const figures: (Figure & { readonly part: string })[] = [];
for (const [part, measure] of Object.entries(parts)) {
	if (chosen.length > 0 && !chosen.includes(part)) continue;
	console.error(`measuring ${part}`);
	figures.push(...(await measure()).map((figure) => ({ part, ...figure })));
}
console.log(
	words.includes('--json')
		? JSON.stringify(figures, null, 2)
		: table(
				['WHAT', 'GOAL', '', 'MEASURED', 'BESIDE'],
				figures.map(({ what, measured, beside, goal, reached }) => [
					what,
					goal,
					goal === '-' ? '' : reached ? 'ok' : 'missed',
					measured,
					beside,
				]),
			),
);
process.exitCode = figures.every(({ reached }) => reached) ? 0 : 1;
