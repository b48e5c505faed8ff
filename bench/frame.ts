import { type Figure, median, spread, times, told } from './figures.ts';
import { runInTerminal } from './in-terminal.ts';
import { columns, rows } from './terminal.ts';

/** Ms of CPU that a frame may cost. */
const goalMs = 12;
/** MB of resident memory that a screen may take at 100 000 lines. */
const goalMb = 220;
/** By which factor a log that is a hundred or a thousand times longer may cost more. */
const flat = 1.25;
const lengths = [10_000, 100_000, 1_000_000, 10_000_000];

type Costs = {
	readonly rssMb: number;
	readonly cpuMs: readonly number[];
	readonly drawn: number;
	readonly wanted: number;
};
type CostsAt = Costs & { readonly lines: number };

/** What a full frame costs, and what memory the screen takes, however long the log is. */
export const measureFrame = async (): Promise<readonly Figure[]> => {
	const screens = (await runInTerminal('screen.ts', lengths.map(String))) as readonly CostsAt[];
	const ink = (await runInTerminal('ink.ts')) as Costs;
	const ansi = (await runInTerminal('ansi.ts')) as Costs;
	for (const { drawn, wanted } of [...screens, ink, ansi]) {
		if (drawn < wanted * 0.95) throw new Error(`only ${drawn} of ${wanted} frames were drawn`);
	}
	const at = (lines: number): CostsAt => {
		const found = screens.find((each) => each.lines === lines);
		if (!found) throw new Error(`nothing was measured at ${lines} lines`);
		return found;
	};
	const [short, full, long] = [at(10_000), at(100_000), at(10_000_000)];
	const cpu = screens.map(({ cpuMs }) => median(cpuMs));
	const growth = median(long.cpuMs) / median(short.cpuMs);
	const memoryGrowth = long.rssMb / full.rssMb;
	return [
		{
			what: `CPU of a full frame, ${columns}x${rows}, 100 000 lines`,
			measured: told(full.cpuMs, 'ms', 1),
			beside: `Ink alone ${told(ink.cpuMs, 'ms', 1)}: ${times(median(full.cpuMs), median(ink.cpuMs))}; no Ink ${told(ansi.cpuMs, 'ms', 1)}`,
			goal: `<= ${goalMs} ms`,
			reached: median(full.cpuMs) <= goalMs,
			numbers: {
				screenMs: median(full.cpuMs),
				inkMs: median(ink.cpuMs),
				ansiMs: median(ansi.cpuMs),
			},
		},
		{
			what: `CPU of a frame at ${lengthsText}`,
			measured: `${screens.map(({ cpuMs }) => median(cpuMs).toFixed(1)).join(', ')} ms`,
			beside: `spread of the rounds ${spread(
				screens.flatMap(({ cpuMs }) => cpuMs),
				1,
			)}`,
			goal: `the last <= ${flat} of the first`,
			reached: growth <= flat,
			numbers: Object.fromEntries(
				screens.map(({ lines }, index) => [`msAt${lines}`, cpu[index] ?? 0]),
			),
		},
		{
			what: `memory of the screen at ${lengthsText}`,
			measured: `${screens.map(({ rssMb }) => rssMb.toFixed(0)).join(', ')} MB`,
			beside: `Ink alone ${ink.rssMb.toFixed(0)} MB, no Ink ${ansi.rssMb.toFixed(0)} MB`,
			goal: `<= ${goalMb} MB at 100 000, the last <= ${flat} of that`,
			reached: full.rssMb <= goalMb && memoryGrowth <= flat,
			numbers: {
				...Object.fromEntries(screens.map(({ lines, rssMb }) => [`mbAt${lines}`, rssMb])),
				inkMb: ink.rssMb,
				ansiMb: ansi.rssMb,
			},
		},
	];
};

const lengthsText = '10 k, 100 k, 1 M, 10 M lines';
