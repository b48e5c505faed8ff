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
	const done = changes.flatMap(({ reply, node }) => (reply === null ? [] : [{ reply, node }]));
	if (json) stdout.write(jsonText(done.map(({ reply }) => reply)));
	else {
		// A server's own words need not say which node they are about.
		for (const { reply, node } of done) stdout.write(`node ${node}: ${reply.message || 'done'}\n`);
	}
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
