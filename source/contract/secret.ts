import { z } from 'zod';

/** Body of `POST /v1/secrets`: an upsert. The value is never returned by any call. */
export const newSecretSchema = z.object({ name: z.string().min(1).max(200), value: z.string() });

export const secretSchema = z.object({
	id: z.string(),
	name: z.string(),
	created_at: z.string(),
	team_name: z.string().nullable(),
});
export type Secret = z.output<typeof secretSchema>;

export const secretsReplySchema = z.object({ secrets: z.array(secretSchema) });
