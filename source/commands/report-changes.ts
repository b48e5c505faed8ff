import { Failure } from '../contract/failure.ts';
import type { CommandEdges } from './edges.ts';
import { jsonText } from './output.ts';
import type { SessionChange } from './session-changes.ts';

/**
 * Tells node by node what was changed, and what was not.
 * @throws Failure when a session was not changed; the exit code of that of a single node.
 */
export const reportChanges = (
	changes: readonly SessionChange[],
	json: boolean,
	{ stdout, stderr }: CommandEdges,
): number => {
	const done = changes.flatMap(({ reply }) => reply ?? []);
	if (json) stdout.write(jsonText(done));
	else for (const { message } of done) stdout.write(`${message}\n`);
	const failures = changes.filter(({ error }) => error !== null);
	const [first] = failures;
	if (!first) return 0;
	if (changes.length === 1) throw new Failure(first.kind ?? 'failed', first.error ?? '');
	for (const { node, error } of failures) stderr.write(`node ${node}: ${error}\n`);
	throw new Failure(
		'failed',
		`${failures.length} of ${changes.length} sessions could not be changed.`,
	);
};
