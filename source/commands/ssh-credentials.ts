import type { AuthorizationScheme } from '../api/endpoint.ts';
import { findRemote } from '../api/remotes/remote.ts';
import { createApi } from '../api/rest-client.ts';
import { Failure } from '../contract/failure.ts';
import { type CredentialFiles, writeCredentials } from '../ssh/credentials.ts';
import type { SshHost } from '../ssh/hostname.ts';
import { defaultKeyDirectory, ensureKeyPair } from '../ssh/key-pair.ts';
import { readServerFile, readToken } from './server-file.ts';

/** Label of the local plane in the host names of its nodes. */
export const localLabel = 'local';

export type Server = {
	readonly url: string;
	readonly token: string;
	readonly scheme?: AuthorizationScheme;
};

/**
 * The server that a host name leads to: the local plane by the label `local`, else a remote.
 * @throws Failure that says which credentials are missing, or that no local plane runs.
 */
export const serverOfHost = async (
	{ remote, prefix }: Pick<SshHost, 'remote' | 'prefix'>,
	{ env, dataDirectory }: { readonly env: NodeJS.ProcessEnv; readonly dataDirectory: string },
): Promise<Server> => {
	if (remote !== localLabel) return findRemote({ remote, prefix }, env);
	const running = readServerFile(dataDirectory);
	if (running) return { url: running.url, token: await readToken(running.token_file) };
	throw new Failure(
		'unreachable',
		`No local plane serves ${dataDirectory} now. Start signalbox local, or the screen.`,
	);
};

/**
 * Gets certificate and token for a host name and writes them where ssh and its ProxyCommand look:
 * search for the job, sign, write (truss and baseten-cli, ssh sign).
 * @throws Failure that names the step and what to do.
 */
export const renewCredentials = async (
	host: SshHost,
	at: { readonly env: NodeJS.ProcessEnv; readonly dataDirectory: string },
): Promise<CredentialFiles> => {
	const directory = defaultKeyDirectory(at.env);
	const { publicKey } = await ensureKeyPair(directory);
	const api = createApi(await serverOfHost(host, at));
	const job = await step(`job ${host.job} was not found`, api.findJob(host.job));
	const reply = await step(
		`no certificate for node ${host.node} of job ${host.job}`,
		api.signSsh(job.training_project_id, job.id, {
			public_key: publicKey,
			replica_id: String(host.node),
		}),
	);
	return writeCredentials(directory, host, reply);
};

const step = async <Result>(what: string, work: Promise<Result>): Promise<Result> => {
	try {
		return await work;
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		throw new Failure(error.kind, `${what}: ${error.message}`, { cause: error });
	}
};
