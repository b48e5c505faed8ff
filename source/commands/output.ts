import stringWidth from 'string-width';

/** A cell is what is read; a row that has fewer cells than the header is padded. */
export type Row = readonly string[];

/** Rows in aligned columns under a header, one line each; the last column is as wide as it likes. */
export const table = (header: Row, rows: readonly Row[]): string => {
	const widths = header.map((title, column) =>
		Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((text) => stringWidth(text))),
	);
	const line = (row: Row): string =>
		row
			.map((text, column) => text + ' '.repeat((widths[column] ?? 0) - stringWidth(text)))
			.join('  ')
			.trimEnd();
	return [header, ...rows].map((row) => `${line(row)}\n`).join('');
};

export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Writes and, when the reader is slower than we are, waits for it. */
export const write = async (stream: NodeJS.WritableStream, text: string): Promise<void> => {
	if (stream.write(text)) return;
	await new Promise<void>((resolve) => {
		const go = (): void => {
			stream.off('drain', go).off('close', go);
			resolve();
		};
		stream.on('drain', go).on('close', go);
	});
};
