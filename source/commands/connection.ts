import { environmentRemote, findRemote } from '../api/remotes/remote.ts';
import { type Api, createApi } from '../api/rest-client.ts';
import type { CommandEdges } from './edges.ts';
import { readServerFile, readToken } from './server-file.ts';

/** A server to work with, and how to leave it. */
export type Connection = {
	readonly api: Api;
	readonly url: string;
	readonly token: string;
	/** Whether the local plane behind it lives in this process and ends with it. */
	readonly isEmbedded: boolean;
	close(): Promise<void>;
};

export type ConnectionFlags = {
	/** Base URL of a server; the local plane of the data directory unless told. */
	readonly url?: string | undefined;
	readonly tokenFile?: string | undefined;
	/** A remote of `.trussrc`, or `env` for the one that variables describe. */
	readonly remote?: string | undefined;
	readonly dataDirectory: string;
};

/**
 * Finds the server: the one that `--url` names, else the local plane that serves the data
 * directory now, else one that this process opens on a loopback port of its own.
 * @throws Failure when there is no token, or the data directory can not be opened.
 */
export const connect = async (
	{ url, tokenFile, remote: name, dataDirectory }: ConnectionFlags,
	{ env, now }: Pick<CommandEdges, 'env' | 'now'>,
): Promise<Connection> => {
	if (url !== undefined) {
		return remote(url, tokenFile ? await readToken(tokenFile) : (env['BASETEN_API_KEY'] ?? ''));
	}
	if (name !== undefined) return toBaseten(name, dataDirectory, { env, now });
	const running = readServerFile(dataDirectory);
	if (running) return remote(running.url, await readToken(running.token_file));
	// Loaded only here: a command that finds its server elsewhere starts without it.
	const { openLocalHost } = await import('./local-host.ts');
	return embedded(await openLocalHost({ dataDirectory, now }));
};

/** A remote of Baseten's, by whoever mirrors it already, else by this process. */
const toBaseten = async (
	name: string,
	dataDirectory: string,
	{ env, now }: Pick<CommandEdges, 'env' | 'now'>,
): Promise<Connection> => {
	const found = await findRemote({ remote: name === 'env' ? environmentRemote : name }, env);
	const { openBasetenHost, remoteDirectory } = await import('./baseten-host.ts');
	const directory = remoteDirectory(dataDirectory, found.name);
	const running = readServerFile(directory);
	if (running) return remote(running.url, await readToken(running.token_file));
	return embedded(await openBasetenHost(found, { dataDirectory: directory, now }));
};

const embedded = (host: {
	readonly url: string;
	readonly token: string;
	close(): Promise<void>;
}): Connection => ({
	api: createApi(host),
	url: host.url,
	token: host.token,
	isEmbedded: true,
	close: () => host.close(),
});

const remote = (url: string, token: string): Connection => ({
	api: createApi({ url, token }),
	url,
	token,
	isEmbedded: false,
	close: async () => {},
});

/** Works with a connection and leaves it, however the work ends. */
export const withConnection = async <Result>(
	flags: ConnectionFlags,
	edges: CommandEdges,
	work: (connection: Connection) => Promise<Result>,
): Promise<Result> => {
	const connection = await connect(flags, edges);
	try {
		return await work(connection);
	} finally {
		await connection.close();
	}
};
