/**
 * One piece of a regular expression's source: an escape with all that belongs to it, the name of a
 * group, or a character. `\k` and `(?<` are followed by a name, whose letters are not looked for.
 */
const pieces = /\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|k<[^>]*>|.)|\(\?<(?![=!])[^>]*>|./gis;

/** A letter in its two cases; null for what has only one, or needs several characters. */
const casesOf = (piece: string): readonly [lower: string, upper: string] | null => {
	const [lower, upper] = [piece.toLowerCase(), piece.toUpperCase()];
	return lower !== upper && lower.length === 1 && upper.length === 1 ? [lower, upper] : null;
};

/**
 * A regular expression that finds letters in either case, from the source of one that tells them
 * apart: V8's engine of linear time does not take the flag `i`.
 */
export const anyCase = (source: string): string => {
	let result = '';
	let isClass = false;
	/** The letter before a `-` of a class, where a range may begin. */
	let start: string | null = null;
	const all = source.match(pieces) ?? [];
	for (const [index, piece] of all.entries()) {
		if (!isClass) {
			const cases = piece.length === 1 ? casesOf(piece) : null;
			result += cases === null ? piece : `[${cases[0]}${cases[1]}]`;
			isClass = piece === '[';
			start = null;
			continue;
		}
		result += piece;
		const isRangeStart =
			all[index + 1] === '-' && all[index + 2] !== ']' && !/^\\[dsw]$/i.test(piece);
		if (piece === ']') isClass = false;
		else if (piece === '-' && start !== null) continue;
		else if (start !== null) {
			result += otherCase(start, piece);
			start = null;
		} else if (isRangeStart) start = piece;
		else {
			const cases = piece.length === 1 ? casesOf(piece) : null;
			if (cases !== null) result += cases[0] === piece ? cases[1] : cases[0];
		}
	}
	return result;
};

/** The same range of letters in the other case, '' where its ends are not letters of one case. */
const otherCase = (from: string, to: string): string => {
	const [low, high] = [casesOf(from), casesOf(to)];
	if (from.length !== 1 || to.length !== 1 || low === null || high === null) return '';
	if (from === low[0] && to === high[0]) return `${low[1]}-${high[1]}`;
	return from === low[1] && to === high[1] ? `${low[0]}-${high[0]}` : '';
};
