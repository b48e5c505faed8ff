const controlSequence = /\x1b\[([0-?]*)[ -/]*([@-~])/g;
/** Rows that a sequence goes up for each of its count: CUU and CPL go up, CUD and CNL down. */
const directions: Readonly<Record<string, number>> = { A: 1, F: 1, B: -1, E: -1 };
/** More than any block of progress bars has. */
const mostRows = 64;

export type CursorMoves = {
	/** Rows that the text goes up and does not come down again; negative for down. */
	readonly up: number;
	/** Whether it leaves its own row after its last visible character. */
	readonly endsElsewhere: boolean;
	/** Whether it shows nothing but space. */
	readonly isBlank: boolean;
};

/** How a piece of output between two line ends moves the cursor between rows. */
export const cursorMoves = (text: string): CursorMoves => {
	if (!text.includes('\x1b[')) {
		return { up: 0, endsElsewhere: false, isBlank: text.trim() === '' };
	}
	let up = 0;
	let end = 0;
	let isBlank = true;
	let endsElsewhere = false;
	for (const { 0: sequence, 1: count = '', 2: final = '', index } of text.matchAll(
		controlSequence,
	)) {
		if (text.slice(end, index).trim() !== '') {
			isBlank = false;
			endsElsewhere = false;
		}
		end = index + sequence.length;
		const direction = directions[final];
		if (direction === undefined || !/^\d*$/.test(count)) continue;
		up += direction * Math.min(Number(count) || 1, mostRows);
		endsElsewhere = true;
	}
	if (text.slice(end).trim() !== '') return { up, endsElsewhere: false, isBlank: false };
	return { up, endsElsewhere: endsElsewhere && !isBlank, isBlank };
};

/** Rows above the lowest one, after a move: never below it, and bounded. */
export const rowsAbove = (before: number, up: number): number =>
	Math.max(0, Math.min(before + up, mostRows));
