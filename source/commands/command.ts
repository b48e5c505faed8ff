import type { CommandEdges } from './edges.ts';
import type { FlagName, Flags } from './flags.ts';

/** What a command is run with. */
export type CommandInput = {
	/** The words after the command's name. */
	readonly words: readonly string[];
	/** The words after `--`. */
	readonly rest: readonly string[];
	readonly flags: Flags;
};

/** A command, as the help shows it and as the command line is read by. */
export type Command = {
	readonly name: string;
	/** Its words, `[…]` around those that may be left out, e.g. `JOB [-- COMMAND]`. */
	readonly usage: string;
	readonly summary: string;
	/** More lines for its own help. */
	readonly details?: readonly string[];
	/** Its flags beside the global ones. */
	readonly flags: readonly FlagName[];
	/** Command lines without the program's name, and what each does. */
	readonly examples: readonly (readonly [line: string, does: string])[];
	/** Not for people. */
	readonly isHidden?: boolean;
	/** Resolves with the exit code. Loads what it needs only then. */
	readonly run: (input: CommandInput, edges: CommandEdges) => Promise<number>;
};
