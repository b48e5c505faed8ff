/** What each line of a block starts with, such as `[rank0]: ` or a time and a logger's name. */
export type LinePrefix = string;

/** Stands for any digit in a prefix: times go on from line to line. */
const anyDigit = '\0';
const timeOfDay = /\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?/g;

/** The prefix that text before a block's first line makes. */
export const prefixOf = (text: string): LinePrefix =>
	text.replace(timeOfDay, (time) => time.replace(/\d/g, anyDigit));

/**
 * What a line says behind a prefix, null when it does not start with it. Of a line that ends where
 * the prefix has only blanks left it is empty: loggers and terminals cut them.
 */
export const afterPrefix = (prefix: LinePrefix, line: string): string | null => {
	for (let at = 0; at < prefix.length; at++) {
		if (at === line.length) return prefix.slice(at).trim() === '' ? '' : null;
		const wanted = prefix[at];
		const found = line[at] ?? '';
		if (wanted === anyDigit ? found < '0' || found > '9' : found !== wanted) return null;
	}
	return line.slice(prefix.length);
};
