import type { z } from 'zod';
import { Failure } from './failure.ts';

type RawIssue = z.core.$ZodRawIssue;

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);

const typeNames: Readonly<Record<string, string>> = {
	int: 'whole number',
	array: 'list',
	record: 'object',
	null: 'null',
};

const expectation = (expected: string): string => article(typeNames[expected] ?? expected);

/** What a value of the wrong size is counted in, by the kind of thing that was measured. */
const measure = (origin: string): string => {
	if (origin === 'string') return ' characters';
	return origin === 'array' ? ' entries' : '';
};

/** Says what a field must be, in words for the person who wrote it. */
const describe = (issue: RawIssue): string | undefined => {
	if (issue.input === undefined && issue.code !== 'custom') return 'is missing';
	switch (issue.code) {
		case 'invalid_type':
			return `must be ${expectation(issue.expected)}`;
		case 'too_small':
			return `must be at least ${issue.minimum}${measure(issue.origin)}`;
		case 'too_big':
			return `must be at most ${issue.maximum}${measure(issue.origin)}`;
		case 'invalid_value':
			return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
		case 'unrecognized_keys':
			return `has no field ${issue.keys.join(', ')}`;
		case 'invalid_key':
			return issue.issues[0]?.message;
		case 'invalid_union':
			return [...new Set(issue.errors.map(([first]) => first?.message ?? 'something else'))].join(
				', or ',
			);
		default:
			return undefined;
	}
};

/** `["compute", "node_count"]` -> `compute.node_count`; list places in brackets. */
const fieldName = (path: readonly PropertyKey[]): string =>
	path.reduce<string>((name, part) => {
		if (typeof part === 'number') return `${name}[${part}]`;
		return name === '' ? String(part) : `${name}.${String(part)}`;
	}, '');

/** A value that does not fit its schema, and where in it the first fault lies. */
export class ParseFailure extends Failure {
	/** Keys and list places from the outside in. */
	readonly path: readonly PropertyKey[];

	constructor(message: string, path: readonly PropertyKey[]) {
		super('invalid', message);
		this.path = path;
	}
}

/**
 * Reads a value by its schema.
 * @throws ParseFailure with one line that names the first wrong field, e.g.
 * `compute.node_count: must be at most 64`.
 */
export const parse = <Schema extends z.ZodType>(
	schema: Schema,
	value: unknown,
): z.output<Schema> => {
	const result = schema.safeParse(value, { error: describe });
	if (result.success) return result.data;
	const [issue] = result.error.issues;
	const field = fieldName(issue?.path ?? []);
	const message = issue?.message ?? 'has a wrong shape';
	const text = field === '' ? `The value ${message}` : `${field}: ${message}`;
	throw new ParseFailure(text, issue?.path ?? []);
};
