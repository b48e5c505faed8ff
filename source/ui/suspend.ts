import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { Suspend } from './commands.ts';

/**
 * Modes that a remote program may leave on when its connection dies: mouse reports, bracketed
 * paste, focus reports, Kitty's keyboard protocol, application cursor and keypad keys, the other
 * screen's margins, colours, a hidden cursor, no autowrap.
 */
export const modeReset = [
	'\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l',
	'\x1b[?2004l',
	'\x1b[?1004l',
	'\x1b[<u',
	'\x1b[?1l\x1b>',
	// Resetting the margins takes the cursor home, from where the shell's next prompt would start.
	'\x1b7\x1b[r\x1b8',
	'\x1b[0m',
	'\x1b[?25h',
	'\x1b[?7h',
].join('');

/** Ms in which bytes that are on their way from the terminal still arrive. */
const drainMs = 30;

/** What is needed of the terminal's input. */
export type TerminalInput = Pick<NodeJS.ReadableStream, 'read' | 'pause' | 'on' | 'off'> & {
	readonly setRawMode?: (isRaw: boolean) => unknown;
};

/** Reads and forgets what was typed for a program that is gone. */
export const drainInput = async (stdin: TerminalInput): Promise<void> => {
	if (stdin.setRawMode === undefined) return;
	const discard = (): void => {
		while (stdin.read() !== null);
	};
	stdin.setRawMode(true);
	stdin.on('readable', discard);
	await delay(drainMs);
	stdin.off('readable', discard);
	stdin.setRawMode(false);
};

/**
 * Ink only stops listening: Node goes on polling the terminal, and would take keys from the other
 * program, or block in a read that the other one was faster at. `pause` ends that, but only once
 * the stream has noticed that nobody listens, which takes a turn; as does the pausing itself.
 */
const stopReading = async (stdin: TerminalInput): Promise<void> => {
	await nextTurn();
	stdin.pause();
	await nextTurn();
};

type Edges = {
	readonly suspendTerminal: (work: () => Promise<void>) => Promise<void>;
	readonly stdin: TerminalInput;
	readonly stdout: Pick<NodeJS.WritableStream, 'write'>;
	/** Ends what is under way between screen and terminal. */
	readonly settle?: (() => Promise<void>) | undefined;
};

/** Hands the terminal over for the time of some work, and takes it back in a known state. */
export const createSuspend =
	({ suspendTerminal, stdin, stdout, settle }: Edges): Suspend =>
	async (work) => {
		await settle?.();
		return suspendTerminal(async () => {
			await stopReading(stdin);
			// The work writes to the terminal itself.
			await new Promise<void>((resolve) => stdout.write('', () => resolve()));
			try {
				await work();
			} finally {
				stdout.write(modeReset);
				await drainInput(stdin);
			}
		});
	};
