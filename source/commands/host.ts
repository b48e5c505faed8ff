import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Listen, loopbackListen } from '../contract/listen.ts';
import type { Viewer } from '../contract/viewer.ts';
import type { ControlPlane } from '../planes/control-plane.ts';
import { startServer } from '../server/server.ts';
import { writePrivateFile } from '../ssh/private-file.ts';
import { lockDataDirectory, prepareDataDirectory } from '../store/data-directory.ts';
import { Store } from '../store/store.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';
import { version } from './version.ts';

export type HostOptions = {
	readonly dataDirectory: string;
	/** Where API and SSH proxy listen, on loopback unless told. */
	readonly listen?: Listen;
	/** Others with a token of their own. */
	readonly viewers?: readonly Viewer[];
	/** Any free one unless told. */
	readonly port?: number;
	/** Epoch ms. */
	readonly now?: () => number;
	/** Gets a line for each fault and each refused connection. */
	readonly log?: (line: string) => void;
	/** Gets a line for each request that was to change something. */
	readonly onAction?: (line: string) => void;
};

/** A plane with its store and server, in this process. */
export type Host<Plane extends ControlPlane> = {
	readonly url: string;
	readonly token: string;
	/** Path of the file that holds the token, readable by its owner alone. */
	readonly tokenFile: string;
	readonly store: Store;
	readonly plane: Plane;
	/** Stops serving and lets go of the data directory; jobs go on by themselves. */
	close(): Promise<void>;
};

/**
 * Opens a data directory: takes its lock, starts its plane, and serves it.
 * @param sshProxyOf `host:port` of the plane's SSH proxy, for those who look for it on disk
 * @throws Failure when the directory can not be written, is in use or is of a newer version, or
 * when the port is taken.
 */
export const openHost = async <Plane extends ControlPlane>(
	options: HostOptions,
	newPlane: (store: Store) => Plane,
	sshProxyOf: (plane: Plane) => string | null,
): Promise<Host<Plane>> => {
	const { dataDirectory, listen = loopbackListen, port, now = Date.now, log = () => {} } = options;
	const undo: (() => void | Promise<void>)[] = [];
	const close = async (): Promise<void> => {
		for (let step = undo.pop(); step; step = undo.pop()) await step();
	};
	try {
		prepareDataDirectory(dataDirectory);
		undo.push(lockDataDirectory(dataDirectory));
		const store = Store.open(dataDirectory);
		undo.push(() => store.close());
		const plane = newPlane(store);
		undo.push(() => plane.close());
		const tokenFile = join(dataDirectory, 'token');
		const token = await keptToken(tokenFile);
		const server = await startServer({
			store,
			plane,
			token,
			version,
			clock: now,
			log,
			listen,
			viewers: options.viewers ?? [],
			...(options.onAction === undefined ? {} : { onAction: options.onAction }),
			...(port === undefined ? {} : { port }),
		});
		undo.push(() => server.close());
		await plane.start();
		await writeServerFile(dataDirectory, {
			url: server.url,
			token_file: tokenFile,
			ssh_proxy: sshProxyOf(plane),
			pid: process.pid,
		});
		undo.push(() => removeServerFile(dataDirectory));
		return { url: server.url, token, tokenFile, store, plane, close };
	} catch (error) {
		await close();
		throw error;
	}
};

/** The token stays the same, so that clients come through a restart of the plane. */
const keptToken = async (path: string): Promise<string> => {
	const kept = await readFile(path, 'utf8').catch(() => '');
	if (kept.trim() !== '') return kept.trim();
	const token = randomBytes(32).toString('base64url');
	await writePrivateFile(path, `${token}\n`);
	return token;
};
