import type { Context } from 'hono';
import { newSecretSchema } from '../contract/secret.ts';
import type { App, Environment, ServerContext } from './context.ts';
import { readBody } from './request-body.ts';

/** Secrets by name, as the Baseten API has them: no route ever returns a value. */
export const addSecretRoutes = (app: App, { plane }: ServerContext): void => {
	const listSecrets = async (c: Context<Environment>) =>
		c.json({ secrets: await plane.listSecrets() });
	const putSecret = async (c: Context<Environment>) => {
		const { name, value } = await readBody(c, newSecretSchema);
		await plane.putSecret(name, value);
		const secret = (await plane.listSecrets()).find((candidate) => candidate.name === name);
		return c.json(secret ?? { name });
	};

	// A plane knows one team, whatever its name.
	for (const path of ['/v1/secrets', '/v1/teams/:team/secrets']) {
		app.get(path, listSecrets);
		app.post(path, putSecret);
	}

	app.delete('/v1/secrets/:name', async (c) => {
		const name = c.req.param('name');
		await plane.deleteSecret(name);
		return c.json({ name });
	});
};
