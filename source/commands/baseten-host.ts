import { join } from 'node:path';
import { environmentRemote, type Remote } from '../api/remotes/remote.ts';
import { createApi } from '../api/rest-client.ts';
import { BasetenPlane } from '../planes/baseten/baseten-plane.ts';
import { type Host, type HostOptions, openHost } from './host.ts';
import { createServerClock } from './server-clock.ts';

/** Where the copies of a remote's jobs lie, each remote by itself. */
export const remoteDirectory = (dataDirectory: string, remote: string): string =>
	join(dataDirectory, 'remotes', encodeURIComponent(remote).replaceAll('.', '%2E'));

/**
 * Serves a remote of Baseten's in this process: the same API and the same feeds as the local plane
 * has, over copies of what is watched.
 * @throws Failure as `openHost` does.
 */
export const openBasetenHost = async (
	{ name, url, token, scheme }: Remote,
	options: HostOptions,
): Promise<Host<BasetenPlane>> => {
	const { now = Date.now, log } = options;
	const clock = createServerClock(now);
	const api = createApi({ url, token, scheme, edges: { fetch: clock.fetch, now } });
	const isDefault = name === environmentRemote;
	return openHost(
		{ ...options, now: clock.now },
		(store) =>
			new BasetenPlane({
				store,
				api,
				name: isDefault ? 'baseten' : name,
				remote: isDefault ? null : name,
				now: clock.now,
				...(log === undefined ? {} : { log }),
			}),
		() => null,
	);
};
