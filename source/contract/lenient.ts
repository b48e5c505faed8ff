import type { z } from 'zod';

/**
 * A response field that may be missing, null, or of an unexpected shape: it reads as `null` then.
 * Servers add and drop optional fields; one odd field must never cost a user the whole screen.
 */
export const maybe = <Schema extends z.ZodType>(schema: Schema) =>
	schema
		.nullish()
		.catch(null)
		.transform((value) => (value ?? null) as z.output<Schema> | null);
