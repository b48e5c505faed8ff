import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { apiUrlOfRemote } from '../../source/api/remotes/api-url.ts';
import { findRemote, type RemoteQuestion } from '../../source/api/remotes/remote.ts';
import { parseTrussRc } from '../../source/api/remotes/truss-rc.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const one = `[baseten]
remote_provider = baseten
api_key = abc.def#1;2=3
remote_url = https://app.baseten.co
`;
const two = `${one}
# a comment
[work.eu]
API_KEY: second
remote_url: https://app.staging.baseten.co
`;

const find = async (
	text: string | null,
	question: RemoteQuestion = {},
	env: Record<string, string> = {},
) => {
	const path = join(temporaryDirectory(), 'trussrc');
	if (text !== null) await writeFile(path, text);
	return findRemote(question, { USER_TRUSSRC_PATH: path, ...env });
};

describe('.trussrc', () => {
	test('values are taken as they stand, keys in any case', () => {
		expect(parseTrussRc(two, 'x')).toEqual([
			{ name: 'baseten', remoteUrl: 'https://app.baseten.co', token: 'abc.def#1;2=3' },
			{ name: 'work.eu', remoteUrl: 'https://app.staging.baseten.co', token: 'second' },
		]);
	});

	test('a line that is none is named', () => {
		expect(() => parseTrussRc(`${one}nonsense\n`, '/home/u/.trussrc')).toThrow(
			'/home/u/.trussrc: line 5',
		);
	});

	test('a token of OAuth serves too; one in the keyring can not be had', async () => {
		const [remote] = parseTrussRc('[a]\nauth_type = oauth\noauth_access_token = t\n', 'x');
		expect(remote?.token).toBe('t');
		await expect(find('[a]\nauth_type = api_key\n')).rejects.toThrow(/"a".*keyring/);
	});
});

describe('findRemote', () => {
	test('the only section is the default one', async () => {
		expect(await find(one)).toMatchObject({
			name: 'baseten',
			url: 'https://api.baseten.co',
			token: 'abc.def#1;2=3',
		});
	});

	test('of several sections one has to be chosen', async () => {
		await expect(find(two)).rejects.toThrow('several remotes (baseten, work.eu)');
		expect(await find(two, { remote: 'work.eu' })).toMatchObject({
			url: 'https://api.staging.baseten.co',
			token: 'second',
		});
		expect(await find(two, {}, { SIGNALBOX_REMOTE: 'baseten' })).toMatchObject({ name: 'baseten' });
		await expect(find(two, { remote: 'other' })).rejects.toThrow(
			'has no remote "other". It has: baseten, work.eu.',
		);
	});

	test('the variables of the environment', async () => {
		expect(await find(two, {}, { BASETEN_API_KEY: 'k' })).toMatchObject({
			token: 'k',
			url: 'https://api.baseten.co',
		});
		const named = { remote: 'work.eu', prefix: undefined };
		expect(await find(two, named, { BASETEN_API_KEY: 'k' })).toMatchObject({ token: 'second' });
		for (const variable of ['BASETEN_BASE_URL', 'BASETEN_MANAGEMENT_API_URL_OVERRIDE']) {
			const base = { [variable]: 'http://127.0.0.1:7117/' };
			expect(await find(one, {}, base)).toMatchObject({ url: 'http://127.0.0.1:7117' });
		}
		const pair = {
			BASETEN_TRUSS_AUTH_REMOTE_URL: 'https://app.staging.baseten.co',
			BASETEN_TRUSS_AUTH_API_KEY: 'p',
		};
		expect(await find(two, {}, pair)).toMatchObject({
			token: 'p',
			url: 'https://api.staging.baseten.co',
		});
		await expect(find(two, {}, { BASETEN_TRUSS_AUTH_API_KEY: 'p' })).rejects.toThrow('both');
	});

	test('a prefix of the host name names the API', async () => {
		expect(await find(one, { remote: 'baseten', prefix: 'eu' })).toMatchObject({
			url: 'https://api.eu.baseten.co',
		});
	});

	test('without any credentials it says where it has looked', async () => {
		await expect(find(null)).rejects.toThrow(/BASETEN_API_KEY is not set, and .*trussrc/);
	});
});

test.each([
	['https://app.baseten.co', 'https://api.baseten.co'],
	['https://app.staging.baseten.co/', 'https://api.staging.baseten.co'],
	['https://app.dev.baseten.co', 'https://api.mc-dev.baseten.co'],
	['http://localhost:8000', 'http://api.localhost:8000'],
	['http://127.0.0.1:7117', 'http://127.0.0.1:7117'],
])('the API of %s is %s', (remoteUrl, api) => {
	expect(apiUrlOfRemote(remoteUrl)).toBe(api);
});
