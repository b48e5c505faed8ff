import { readFile, stat } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { Failure, messageOf } from '../contract/failure.ts';
import type { Viewer } from '../contract/viewer.ts';

const shortestToken = 16;

const viewersSchema = z
	.array(
		z.strictObject({
			name: z.string().regex(/^[\w.@-]{1,64}$/, 'must be letters, digits and . @ _ -'),
			token: z
				.string()
				.regex(/^[\x21-\x7e]+$/, 'must have no blanks')
				.min(shortestToken, `must have at least ${shortestToken} characters`),
			access: z.enum(['read', 'full']),
		}),
	)
	.min(1, 'must name somebody');

/**
 * Reads the tokens of a team: a YAML list of `name`, `token` and `access` (`read` or `full`).
 * @throws Failure `invalid` when the file is none, can be read by others, or gives a token twice;
 * the message never holds a token.
 */
export const readViewers = async (path: string): Promise<Viewer[]> => {
	const refuse = (reason: string): Failure => new Failure('invalid', `${path}: ${reason}.`);
	let value: unknown;
	try {
		if (((await stat(path)).mode & 0o077) !== 0) {
			throw refuse(`others can read it; first: chmod 600 ${path}`);
		}
		value = parseYaml(await readFile(path, 'utf8'), { prettyErrors: false });
	} catch (error) {
		throw error instanceof Failure ? error : refuse(messageOf(error));
	}
	const { success, data, error } = viewersSchema.safeParse(value);
	if (!success) {
		const [issue] = error.issues;
		throw refuse(`${issue?.path.join('.') || 'list'}: ${issue?.message}`);
	}
	if (new Set(data.map(({ token }) => token)).size < data.length) {
		throw refuse('two viewers have the same token');
	}
	return data;
};
