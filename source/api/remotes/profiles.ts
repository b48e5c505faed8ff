import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../contract/failure.ts';

const profilesSchema = z.object({
	/** Name of the profile that the CLI takes unless told. */
	current: z.string().nullish(),
	profiles: z
		.record(
			z.string(),
			z.object({
				remote_url: z.string().nullish(),
				/** Missing where the CLI keeps it in the keyring of the system. */
				api_key: z.string().nullish(),
			}),
		)
		.default({}),
});
export type Profiles = z.output<typeof profilesSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** `auth.json` of the baseten CLI: in `$BASETEN_CONFIG_DIR`, else in the user's configuration. */
export const profilesPath = (
	env: Environment,
	platform: NodeJS.Platform = process.platform,
): string => {
	const home = env['HOME'] || homedir();
	const configuration =
		platform === 'darwin'
			? join(home, 'Library', 'Application Support')
			: env['XDG_CONFIG_HOME'] || join(home, '.config');
	return join(env['BASETEN_CONFIG_DIR'] || join(configuration, 'baseten'), 'auth.json');
};

/** The profiles of the baseten CLI; none where it was never used. @throws Failure `invalid` */
export const readProfiles = async (env: Environment): Promise<Profiles> => {
	const path = profilesPath(env);
	const text = await readFile(path, 'utf8').catch(() => '{}');
	try {
		return profilesSchema.parse(JSON.parse(text));
	} catch (error) {
		// What the parser says may quote the file, which holds keys.
		throw new Failure('invalid', `${path} is no profile file of the baseten CLI.`, {
			cause: error,
		});
	}
};
