import stringWidth from 'string-width';
import { beyondCalm, clustersOf } from '../monitor/agreed-text.ts';

const wild = new RegExp(`(?![\\x00-\\x1f])${beyondCalm.source}`);
/** A control sequence, a string such as a link, a line end, or text. */
const token =
	/\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[\r\n]|[^\x1b\r\n]+|\x1b/g;

/** The column after a control sequence, from 0. */
const columnAfter = (column: number, final: string, parameters: string): number => {
	const count = Number(parameters) || 1;
	if (final === 'G') return count - 1;
	if (final === 'H') return (Number(parameters.split(';')[1]) || 1) - 1;
	if (final === 'E' || final === 'F') return 0;
	if (final === 'C') return column + count;
	if (final === 'D') return Math.max(0, column - count);
	return column;
};

/**
 * Names the column after each character that some terminals give fewer cells than we count, as old
 * ones do with emoji: what comes next stands in its place all the same. (No terminal gives more:
 * see `agreed-text.ts`.) `output` begins at the left, or with a movement to a column.
 */
export const steadyColumns = (output: string): string => {
	if (!wild.test(output)) return output;
	let steady = '';
	let column = 0;
	for (const { 0: piece, 1: parameters = '', 2: final } of output.matchAll(token)) {
		if (final !== undefined) column = columnAfter(column, final, parameters);
		else if (piece === '\n' || piece === '\r') column = 0;
		else if (!piece.startsWith('\x1b')) {
			for (const cluster of clustersOf(piece)) {
				column += stringWidth(cluster);
				steady += wild.test(cluster) ? `${cluster}\x1b[${column + 1}G` : cluster;
			}
			continue;
		}
		steady += piece;
	}
	return steady;
};

/** A terminal that is written to in {@link steadyColumns}, and else is the one that was given. */
export const steadyTerminal = (stdout: NodeJS.WriteStream): NodeJS.WriteStream => {
	const write = (data: string | Uint8Array, ...rest: unknown[]): boolean =>
		Reflect.apply(stdout.write, stdout, [
			typeof data === 'string' ? steadyColumns(data) : data,
			...rest,
		]);
	return new Proxy(stdout, {
		get: (target, key) => (key === 'write' ? write : Reflect.get(target, key, target)),
	});
};
