/**
 * What went wrong, in the terms that decide an exit code and an HTTP status.
 * `conflict`: the thing exists but its state forbids the action.
 */
export type FailureKind =
	| 'usage'
	| 'invalid'
	| 'unauthorized'
	| 'not_found'
	| 'conflict'
	| 'unreachable'
	| 'failed';

const exitCodes: Readonly<Record<FailureKind, number>> = {
	failed: 1,
	conflict: 1,
	invalid: 2,
	usage: 2,
	not_found: 3,
	unauthorized: 4,
	unreachable: 5,
};

/** An error whose message is one clear line for a person: what, where, and how to mend it. */
export class Failure extends Error {
	override readonly name = 'Failure';
	readonly kind: FailureKind;

	constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
		super(message, options);
		this.kind = kind;
	}

	get exitCode(): number {
		return exitCodes[this.kind];
	}
}

/** The message of anything that was thrown, on one line. */
export const messageOf = (error: unknown): string =>
	(error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
