import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure, messageOf } from '../../contract/failure.ts';
import type { AuthorizationScheme } from '../endpoint.ts';
import { apiUrlOfPrefix, apiUrlOfRemote, basetenApiUrl } from './api-url.ts';
import { profilesPath, readProfiles } from './profiles.ts';
import { parseTrussRc, type TrussRemote } from './truss-rc.ts';

/** A server of the training API, with what opens it. */
export type Remote = {
	readonly name: string;
	/** Base URL of the API. */
	readonly url: string;
	/** Never to be shown. */
	readonly token: string;
	readonly scheme: AuthorizationScheme;
	/** Where the token is from, in words for people. */
	readonly source: string;
};

/** Name of the remote that variables describe (truss calls it so). */
export const environmentRemote = '<environment>';

export type RemoteQuestion = {
	/** Section of `.trussrc`; the default one unless told. */
	readonly remote?: string | undefined;
	/** API prefix of a host name. */
	readonly prefix?: string | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** `$USER_TRUSSRC_PATH`, else `~/.trussrc` (truss, ssh proxy command). */
export const trussRcPath = (env: Environment): string =>
	env['USER_TRUSSRC_PATH'] || join(env['HOME'] || homedir(), '.trussrc');

/**
 * Finds server and token as Baseten's own clients do. A named remote is a section of `.trussrc`;
 * without a name it is `$BASETEN_API_KEY`, or truss's pair of variables, or `$SIGNALBOX_REMOTE`, or
 * the only section. Where `.trussrc` has nothing to offer, profiles of the baseten CLI count. `$BASETEN_BASE_URL` (truss) or
 * `$BASETEN_MANAGEMENT_API_URL_OVERRIDE` (baseten-cli) names the API whatever the remote says.
 * @throws Failure `unauthorized` that says where a token was looked for, `invalid` for a broken file.
 */
export const findRemote = async (
	{ remote, prefix }: RemoteQuestion,
	env: Environment,
): Promise<Remote> => {
	const override = env['BASETEN_BASE_URL'] || env['BASETEN_MANAGEMENT_API_URL_OVERRIDE'];
	const base = override?.replace(/\/+$/, '');
	const urlOf = (remoteUrl: string | null | undefined): string => {
		if (base) return base;
		if (prefix !== undefined) return apiUrlOfPrefix(prefix);
		return remoteUrl ? apiUrlOfRemote(remoteUrl) : basetenApiUrl;
	};
	const given = fromEnvironment(env);
	if (given !== null && (remote === undefined || remote === given.name)) {
		return { ...given, url: urlOf(given.remoteUrl) };
	}
	const path = trussRcPath(env);
	const name = remote ?? (env['SIGNALBOX_REMOTE'] || undefined);
	const sections = await readTrussRc(path);
	const profile = await profileOf(name, sections, env);
	if (profile !== null) return { ...profile, url: urlOf(profile.remoteUrl) };
	const section = pick(sections, name, path);
	if (section.token === null) {
		throw new Failure(
			'unauthorized',
			`Remote "${section.name}" of ${path} has no api_key in the file; truss may keep it in the system's keyring. Run truss login again, or set BASETEN_API_KEY.`,
		);
	}
	return {
		name: section.name,
		url: urlOf(section.remoteUrl),
		token: section.token,
		scheme: 'Api-Key',
		source: `[${section.name}] of ${path}`,
	};
};

/**
 * A profile of the baseten CLI, null when `.trussrc` comes first: it does where it has the name, or,
 * without one, anything at all.
 * @throws Failure `unauthorized` when the profile's key is not in the file.
 */
const profileOf = async (
	name: string | undefined,
	sections: readonly TrussRemote[],
	env: Environment,
): Promise<(Omit<Remote, 'url'> & { readonly remoteUrl: string | null }) | null> => {
	const isInTrussRc = sections.some((section) => section.name === name);
	if (isInTrussRc || (name === undefined && sections.length > 0)) return null;
	const { current, profiles } = await readProfiles(env);
	const wanted = name ?? (env['BASETEN_PROFILE'] || current);
	const profile = wanted == null ? undefined : profiles[wanted];
	if (wanted == null || profile === undefined) return null;
	const path = profilesPath(env);
	if (!profile.api_key) {
		throw new Failure(
			'unauthorized',
			`Profile "${wanted}" of ${path} keeps its key in the system's keyring, which signalbox does not read. Set BASETEN_API_KEY.`,
		);
	}
	return {
		name: wanted,
		remoteUrl: profile.remote_url ?? null,
		token: profile.api_key,
		scheme: 'Api-Key',
		source: `profile "${wanted}" of ${path}`,
	};
};

/** A remote that the environment describes; null when it describes none. */
const fromEnvironment = (env: Environment): (TrussRemote & Omit<Remote, 'url'>) | null => {
	const key = env['BASETEN_API_KEY'];
	if (key) {
		const remoteUrl = env['BASETEN_REMOTE_URL'] || null;
		return {
			name: environmentRemote,
			remoteUrl,
			token: key,
			scheme: 'Bearer',
			source: 'BASETEN_API_KEY',
		};
	}
	const remoteUrl = env['BASETEN_TRUSS_AUTH_REMOTE_URL'];
	const token = env['BASETEN_TRUSS_AUTH_API_KEY'];
	if (!remoteUrl && !token) return null;
	if (!remoteUrl || !token) {
		throw new Failure(
			'unauthorized',
			'BASETEN_TRUSS_AUTH_REMOTE_URL and BASETEN_TRUSS_AUTH_API_KEY belong together: set both or neither.',
		);
	}
	return {
		name: environmentRemote,
		remoteUrl,
		token,
		scheme: 'Bearer',
		source: 'BASETEN_TRUSS_AUTH_API_KEY',
	};
};

/** All remotes of a `.trussrc`; none when there is no such file. */
export const readTrussRc = async (path: string): Promise<TrussRemote[]> => {
	try {
		return parseTrussRc(await readFile(path, 'utf8'), path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		if (error instanceof Failure) throw error;
		throw new Failure('unauthorized', `Cannot read ${path}: ${messageOf(error)}.`, {
			cause: error,
		});
	}
};

const pick = (
	remotes: readonly TrussRemote[],
	name: string | undefined,
	path: string,
): TrussRemote => {
	const names = remotes.map((remote) => remote.name).join(', ');
	if (remotes.length === 0) {
		throw new Failure(
			'unauthorized',
			`No credentials for Baseten: BASETEN_API_KEY is not set, and ${path} names no remote. Set the one, or write the other by truss login.`,
		);
	}
	const found = name === undefined ? undefined : remotes.find((remote) => remote.name === name);
	if (found) return found;
	if (name !== undefined) {
		throw new Failure('unauthorized', `${path} has no remote "${name}". It has: ${names}.`);
	}
	const [only] = remotes;
	if (only && remotes.length === 1) return only;
	throw new Failure(
		'unauthorized',
		`${path} has several remotes (${names}) and none was chosen. Name one in the host name, or set SIGNALBOX_REMOTE.`,
	);
};
