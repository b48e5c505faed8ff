import { write, writeSync } from 'node:fs';
import type { TerminalWriter } from '../../ui/terminal-output.ts';

/** Ms until a terminal whose buffer is full is tried again, where writes do not wait for it. */
const tryAgainMs = 10;

/**
 * Writes to a terminal beside the event loop: Node itself writes to terminals synchronously, and
 * would wait for one that reads slowly. A write that fails has met a terminal that is gone.
 */
export const createTerminalWriter = (fd: number): TerminalWriter => {
	const writeAll = (bytes: Buffer, done: () => void): void => {
		write(fd, bytes, (error, count) => {
			if (error?.code === 'EAGAIN') setTimeout(() => writeAll(bytes, done), tryAgainMs);
			else if (error !== null || count === bytes.length) done();
			else writeAll(bytes.subarray(count), done);
		});
	};
	return {
		write: writeAll,
		writeNow(bytes) {
			try {
				writeSync(fd, bytes);
			} catch {
				// The terminal is gone, and what it showed.
			}
		},
	};
};

/** The file descriptor of standard output: `stdout` is a stream and may have none. */
export const standardOutput = 1;
