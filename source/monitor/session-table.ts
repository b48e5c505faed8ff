import stringWidth from 'string-width';
import { layoutOf } from './layout.ts';
import { type SessionRow, sessionRows } from './session-rows.ts';
import type { MonitorState } from './state.ts';
import type { Tone } from './tone.ts';

/** A node's line: texts by heading, and their tones in the order of the headings. */
export type TableRow = {
	readonly isSelected: boolean;
	readonly cells: Readonly<Record<string, string>>;
	readonly tones: readonly Tone[];
};

/** The table as it is drawn: only what fits, padded so that it fills the width. */
export type SessionTable = {
	readonly isFramed: boolean;
	readonly headings: readonly string[];
	readonly rows: readonly TableRow[];
};

type Column = {
	readonly heading: string;
	readonly textOf: (row: SessionRow) => string;
	readonly toneOf?: (row: SessionRow) => Tone;
	/** At least this wide, so that a countdown does not move its neighbours. */
	readonly cells?: number;
	/** The highest is the first to go when space is short; 0 stays. */
	readonly spare: number;
};

const columns: readonly Column[] = [
	{
		heading: ' ',
		textOf: ({ isSelected }) => (isSelected ? '❯' : ' '),
		toneOf: () => 'accent',
		spare: 0,
	},
	{ heading: 'node', textOf: ({ name }) => name, cells: 6, spare: 0 },
	{ heading: 'provider', textOf: ({ provider }) => provider, spare: 2 },
	{ heading: 'trigger', textOf: ({ trigger }) => trigger, cells: 10, spare: 1 },
	{ heading: 'command', textOf: ({ command }) => command, cells: 8, spare: 3 },
	{
		heading: 'session',
		textOf: ({ session }) => session,
		toneOf: ({ sessionTone }) => sessionTone,
		cells: 9,
		spare: 0,
	},
	{
		heading: 'expires',
		textOf: ({ expires }) => expires,
		toneOf: ({ expiresTone }) => expiresTone,
		cells: 8,
		spare: 0,
	},
];
const connect: Column = { heading: 'connect', textOf: (row) => row.connect, spare: 0 };
/** Other columns give way until this much is left to say how to connect. */
const usefulConnect = 24;

/** ink-table counts UTF-16 units, so what is not one unit and one cell at once is replaced. */
const narrow = (text: string): string =>
	stringWidth(text) === text.length
		? text
		: text.replaceAll(/\P{ASCII}/gu, (character) =>
				character.length === 1 && stringWidth(character) === 1 ? character : '?',
			);

const fill = (text: string, width: number): string =>
	text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text.padEnd(width);

/** The nodes in view: as many as fit, with the selected one among them. */
const windowOf = (rows: readonly SessionRow[], size: number): readonly SessionRow[] => {
	const selected = rows.findIndex(({ isSelected }) => isSelected);
	const start = Math.min(Math.max(0, selected - Math.floor(size / 2)), rows.length - size);
	return rows.slice(Math.max(0, start), Math.max(0, start) + size);
};

/** The session table for the state's size. `now`: ms of this machine's clock. */
export const sessionTable = (state: MonitorState, now: number): SessionTable => {
	const { isFramed, tableNodes } = layoutOf(state);
	const rows = sessionRows(state, now);
	const widthOf = ({ heading, textOf, cells = 0 }: Column): number =>
		Math.max(heading.length, cells, ...rows.map((row) => narrow(textOf(row)).length));
	// A frame puts a bar and two blanks to each column, and closes with a bar.
	const [gap, edge] = isFramed ? [3, 1] : [2, 0];
	const roomBeside = (kept: readonly Column[]): number =>
		state.columns - edge - gap - kept.reduce((sum, column) => sum + widthOf(column) + gap, 0);
	const useful = Math.min(usefulConnect, widthOf(connect));
	let kept = columns;
	for (let spare = 3; spare > 0 && roomBeside(kept) < useful; spare--) {
		kept = kept.filter((column) => column.spare !== spare);
	}
	const seen = windowOf(rows, tableNodes);
	const isCut = seen.length < rows.length;
	const places = isCut ? ` · ${seen[0]?.node}–${seen.at(-1)?.node} of ${rows.length} nodes` : '';
	const room = roomBeside(kept);
	const isRoomy = connect.heading.length + places.length <= room;
	const last = { ...connect, heading: connect.heading + (isRoomy ? places : '') };
	const shown = [...kept, last].map((column) => ({
		...column,
		width: column === last ? room : widthOf(column),
	}));
	return {
		isFramed,
		headings: shown.map(({ heading }) => heading),
		rows: seen.map((row) => ({
			isSelected: row.isSelected,
			cells: Object.fromEntries(
				shown.map(({ heading, textOf, width }) => [heading, fill(narrow(textOf(row)), width)]),
			),
			tones: shown.map(({ toneOf }) => toneOf?.(row) ?? 'plain'),
		})),
	};
};
