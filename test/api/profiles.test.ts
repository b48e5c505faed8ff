import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { profilesPath } from '../../source/api/remotes/profiles.ts';
import { findRemote } from '../../source/api/remotes/remote.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const profiles = {
	version: 1,
	current: 'work',
	profiles: {
		work: { remote_url: 'https://app.baseten.co', auth_type: 'api_key', api_key: 'first' },
		eu: { remote_url: 'https://app.staging.baseten.co', auth_type: 'api_key', api_key: 'second' },
		web: { remote_url: 'https://app.baseten.co', auth_type: 'oauth' },
	},
};

const openHome = (content: unknown = profiles, trussRc = '') => {
	const home = temporaryDirectory();
	mkdirSync(join(home, 'cli'));
	const text = typeof content === 'string' ? content : JSON.stringify(content);
	writeFileSync(join(home, 'cli', 'auth.json'), text, { mode: 0o600 });
	if (trussRc !== '') writeFileSync(join(home, '.trussrc'), trussRc, { mode: 0o600 });
	return { HOME: home, BASETEN_CONFIG_DIR: join(home, 'cli') };
};

test('the file lies where the CLI puts it', () => {
	expect(profilesPath({ HOME: '/h' }, 'linux')).toBe('/h/.config/baseten/auth.json');
	expect(profilesPath({ HOME: '/h', XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('/x/baseten/auth.json');
	expect(profilesPath({ HOME: '/h' }, 'darwin')).toBe(
		'/h/Library/Application Support/baseten/auth.json',
	);
	expect(profilesPath({ HOME: '/h', BASETEN_CONFIG_DIR: '/c' }, 'linux')).toBe('/c/auth.json');
});

test('the current profile, a named one, and the one of BASETEN_PROFILE', async () => {
	const env = openHome();
	expect(await findRemote({}, env)).toMatchObject({
		name: 'work',
		token: 'first',
		scheme: 'Api-Key',
		url: 'https://api.baseten.co',
		source: expect.stringMatching(/^profile "work" of .*auth\.json$/),
	});
	expect(await findRemote({ remote: 'eu' }, env)).toMatchObject({
		token: 'second',
		url: 'https://api.staging.baseten.co',
	});
	expect(await findRemote({}, { ...env, BASETEN_PROFILE: 'eu' })).toMatchObject({
		token: 'second',
	});
});

test('a key variable and .trussrc come first', async () => {
	const env = openHome(profiles, '[eu]\napi_key=truss\n');
	expect(await findRemote({}, { ...env, BASETEN_API_KEY: 'k' })).toMatchObject({ token: 'k' });
	expect(await findRemote({}, env)).toMatchObject({ token: 'truss' });
	expect(await findRemote({ remote: 'eu' }, env)).toMatchObject({ token: 'truss' });
	expect(await findRemote({ remote: 'work' }, env)).toMatchObject({ token: 'first' });
});

test('a key in the keyring is named, a broken file is refused without showing it', async () => {
	await expect(findRemote({ remote: 'web' }, openHome())).rejects.toThrow(
		/Profile "web" of .* keeps its key in the system's keyring/,
	);
	const error = await findRemote({}, openHome('{"profiles": secret-key')).catch((cause) => cause);
	expect(error.message).toMatch(/is no profile file of the baseten CLI\.$/);
	expect(error.message).not.toContain('secret-key');
});
