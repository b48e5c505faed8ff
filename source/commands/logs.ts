import type { CommandInput } from './command.ts';
import { withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import type { Flags } from './flags.ts';
import { followLog } from './follow-log.ts';
import { type LineStyle, logLine } from './log-line.ts';
import { write } from './output.ts';
import { cursorBefore, type Print, printHistory } from './print-history.ts';
import { recordFilter } from './record-filter.ts';
import { openSavedLog } from './saved-log.ts';
import { connectionFlagsOf, countOf, findJob } from './settings.ts';

/** After Ctrl-C, as shells count: 128 + SIGINT. */
const interruptedCode = 130;

/** `signalbox logs JOB [--tail]`: the log of a job, from its first line or its last ones. */
export const logs = async (
	{ words: [id = ''], flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> => {
	const lines = countOf('--lines', flags.lines, Number.MAX_SAFE_INTEGER);
	const isWanted = recordFilter(flags, edges.now());
	const { stderr } = edges;
	const tell = (count: number): void => {
		if (stderr.isTTY) stderr.write(`\r${count} lines`);
	};
	const file = flags.save === undefined ? null : await openSavedLog(flags.save, edges, tell);
	const print = file?.print(flags.json ? 'json' : 'plain') ?? createPrint(flags, edges);
	const printWanted: Print = (records) => print(records.filter(isWanted));
	try {
		const code = await withConnection(
			connectionFlagsOf(flags, edges),
			edges,
			async (connection) => {
				const job = await findJob(connection, id);
				const after = await cursorBefore(connection, job, lines);
				if (flags.tail) {
					const end = await followLog(connection, job, after, printWanted, edges);
					if (end === interruptedCode) {
						stderr.write(`\njob ${job.id} goes on; signalbox stop ${job.id} stops it\n`);
					}
					return end;
				}
				await printHistory(connection, job, after, printWanted);
				return 0;
			},
		);
		if (file !== null) {
			const count = await file.finish();
			stderr.write(`${stderr.isTTY ? '\r' : ''}saved ${count} lines as ${flags.save}\n`);
		}
		return code;
	} finally {
		await file?.close();
	}
};

/** Prints records as the flags ask. @throws Failure `usage` for a node that is none. */
export const createPrint = (flags: Flags, { stdout }: Pick<CommandEdges, 'stdout'>): Print => {
	const style = lineStyle(flags, stdout);
	return async (records) => {
		const text = records.map((record) => logLine(record, style)).join('');
		if (text !== '') await write(stdout, text);
	};
};

const lineStyle = ({ json, color }: Flags, stdout: NodeJS.WriteStream): LineStyle => {
	if (json) return 'json';
	// Node's own rules, which honour NO_COLOR and FORCE_COLOR.
	const hasColours = stdout.isTTY && stdout.getColorDepth() > 1;
	return hasColours && color !== false ? 'colour' : 'plain';
};
