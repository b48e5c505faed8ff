/**
 * The real screen over a log that grows to given lengths: `screen.ts RESULT LINES…`. At each it
 * tells its memory, and what a frame costs in which every row of the log changes.
 */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { LogRecord } from '../../source/contract/log.ts';
import type { TerminalWriter } from '../../source/ui/terminal-output.ts';
import { finish, residentMb, weighFrames } from './frames.ts';
import { lineText } from './lines.ts';
import { snapshotOf } from './snapshot.ts';

const built = (path: string): string =>
	pathToFileURL(join(import.meta.dirname, '..', '..', 'dist', 'source', path)).href;
const { renderApp } = (await import(
	built('ui/render-app.js')
)) as typeof import('../../source/ui/render-app.tsx');
const { createMonitor } = (await import(
	built('monitor/monitor.js')
)) as typeof import('../../source/monitor/monitor.ts');
const { initialState } = (await import(
	built('monitor/state.js')
)) as typeof import('../../source/monitor/state.ts');
const { openTerminalOutput } = (await import(
	built('ui/terminal-output.js')
)) as typeof import('../../source/ui/terminal-output.ts');
const { createTerminalWriter, standardOutput } = (await import(
	built('commands/screen/terminal-writer.js')
)) as typeof import('../../source/commands/screen/terminal-writer.ts');
const { boundHeap } = (await import(
	built('commands/screen/bound-heap.js')
)) as typeof import('../../source/commands/screen/bound-heap.ts');

const batch = 100;
const recordsFrom = (first: number, count: number): LogRecord[] =>
	Array.from({ length: count }, (_, index) => ({
		seq: first + index,
		timestamp: '1790000000000000000',
		message: lineText(first + index),
		replica: String(index % 2),
		level: null,
	}));
/** Batches as the feed brings them, each parsed anew. */
const texts = Array.from({ length: 50 }, (_, at) =>
	JSON.stringify(recordsFrom(at * batch + 1, batch)),
);

const { columns, rows } = process.stdout;
const monitor = createMonitor(initialState({ job: 'bench', columns, rows }));
let last = 0;
const take = (records: readonly LogRecord[]): void => {
	last += records.length;
	monitor.dispatch({ type: 'records', records, at: Date.now() });
};
const grow = (count: number): void => {
	const text = texts[Math.floor(last / batch) % texts.length] ?? '[]';
	const records = (JSON.parse(text) as LogRecord[]).slice(0, count);
	take(records.map((record, index) => ({ ...record, seq: last + 1 + index })));
};

const noCommand = new Proxy({}, { get: () => () => Promise.resolve() });
boundHeap();
let onWrite: ((bytes: number) => void) | null = null;
const { write, writeNow } = createTerminalWriter(standardOutput);
const writer: TerminalWriter = {
	write: (bytes, done) => {
		onWrite?.(bytes.length);
		write(bytes, done);
	},
	writeNow,
};
const output = openTerminalOutput({ stdin: process.stdin, stdout: process.stdout, writer });
renderApp({ monitor, commands: noCommand as never, output });
monitor.dispatch({ type: 'snapshot', snapshot: snapshotOf('bench'), at: Date.now() });
const results = [];
for (const word of process.argv.slice(3)) {
	const lines = Number(word);
	for (let batches = 1; last < lines; batches += 1) {
		grow(Math.min(batch, lines - last));
		// As often as a socket would let other work have its turn.
		if (batches % 10 === 0) await turn();
	}
	const before = await residentMb();
	const costs = await weighFrames(() => take(recordsFrom(last + 1, rows)), {
		warmUp: 75,
		rounds: 5,
		frames: 20,
		watch: (tell) => {
			onWrite = tell;
			return () => {
				onWrite = null;
			};
		},
	});
	results.push({ lines, rssMb: Math.max(before, await residentMb()), ...costs });
}
finish(results);
