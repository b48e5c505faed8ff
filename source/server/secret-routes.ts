import type { Context } from 'hono';
import { Failure } from '../contract/failure.ts';
import { newSecretSchema } from '../contract/secret.ts';
import type { App, Environment, ServerContext } from './context.ts';
import { readBody } from './request-body.ts';

/** Secrets by name, as the Baseten API has them: no route ever returns a value. */
export const addSecretRoutes = (app: App, { store, plane }: ServerContext): void => {
	const listSecrets = (c: Context<Environment>) => c.json({ secrets: store.secrets.list() });
	const putSecret = async (c: Context<Environment>) => {
		const { name, value } = await readBody(c, newSecretSchema);
		await plane.putSecret(name, value);
		const secret = store.secrets.list().find((candidate) => candidate.name === name);
		return c.json(secret ?? { name });
	};

	// A plane knows one team, whatever its name.
	for (const path of ['/v1/secrets', '/v1/teams/:team/secrets']) {
		app.get(path, listSecrets);
		app.post(path, putSecret);
	}

	app.delete('/v1/secrets/:name', (c) => {
		const name = c.req.param('name');
		if (!store.secrets.delete(name)) {
			throw new Failure('not_found', `No secret found with name: ${name}`);
		}
		return c.json({ name });
	});
};
