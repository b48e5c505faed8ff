import type { Context } from 'hono';
import { z } from 'zod';
import { Failure } from '../contract/failure.ts';
import { parse } from '../contract/parse.ts';
import type { Environment } from './context.ts';

/** Largest request body, in bytes. */
export const bodyLimitBytes = 1024 * 1024;

const readJson = async (c: Context<Environment>): Promise<unknown> => {
	const text = await c.req.text();
	if (text.trim() === '') return {};
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new Failure('invalid', 'The request body is not valid JSON.', { cause: error });
	}
};

/**
 * Reads a JSON body by its schema; an empty body reads as `{}`.
 * @throws Failure `invalid`
 */
export const readBody = async <Schema extends z.ZodType>(
	c: Context<Environment>,
	schema: Schema,
): Promise<z.output<Schema>> => parse(schema, await readJson(c));

/**
 * Reads what lies under the only key of an envelope such as `{"training_job": {…}}`, so that an
 * error names the field as the author of the inner object knows it.
 * @throws Failure `invalid`
 */
export const readEnvelope = async <Schema extends z.ZodType>(
	c: Context<Environment>,
	key: string,
	schema: Schema,
): Promise<z.output<Schema>> => {
	const envelope = await readBody(c, z.object({ [key]: z.record(z.string(), z.unknown()) }));
	return parse(schema, envelope[key]);
};
