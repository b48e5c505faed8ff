import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../contract/failure.ts';
import type { SshSignReply } from '../contract/ssh.ts';
import { formatSshHost, type SshHost } from './hostname.ts';
import { makePrivateDirectory, writePrivateFile } from './private-file.ts';
import { isLoopback, parseProxyAddress } from './proxy-address.ts';
import { parsePublicKey } from './public-key.ts';

/**
 * What the ProxyCommand needs, as a file: a JWT has no place in argv. The first two fields are
 * those of the caches of Baseten's own clients; without `tls` the address decides.
 */
export const proxyCacheSchema = z.object({
	jwt: z.string(),
	proxy_address: z.string(),
	tls: z.boolean().optional(),
});
export type ProxyCache = z.output<typeof proxyCacheSchema>;

/** Paths of one host's credentials. */
export type CredentialFiles = {
	readonly certificate: string;
	readonly proxyCache: string;
	/** Null when the plane did not name the authority of its host keys. */
	readonly knownHosts: string | null;
	/** The name under which `knownHosts` has the host. */
	readonly hostKeyAlias: string;
};

/**
 * The name that a node's host certificate is for, and under which its credentials are kept:
 * remote and prefix are the user's own names for a server, which the server does not know.
 */
export const canonicalHost = ({ job, node }: SshHost): string => formatSshHost({ job, node });

/**
 * Writes the reply of a sign call into files of this host's own, each atomically and for the
 * owner alone, so that connections made at the same time never disturb each other.
 * @throws Failure `failed` when the reply is malformed or the files cannot be written.
 */
export const writeCredentials = async (
	directory: string,
	host: SshHost,
	reply: SshSignReply,
): Promise<CredentialFiles> => {
	const folder = join(directory, 'signalbox', formatSshHost(host));
	const hostKeyAlias = canonicalHost(host);
	const cache: ProxyCache = {
		jwt: reply.jwt,
		proxy_address: reply.proxy_address,
		tls: !isLoopback(parseProxyAddress(reply.proxy_address)),
	};
	const files = {
		certificate: join(folder, 'id-cert.pub'),
		proxyCache: join(folder, 'proxy.json'),
		knownHosts: reply.host_authority === null ? null : join(folder, 'known_hosts'),
		hostKeyAlias,
	};
	await makePrivateDirectory(folder);
	await writePrivateFile(files.certificate, `${reply.ssh_certificate.trim()}\n`);
	await writePrivateFile(files.proxyCache, JSON.stringify(cache));
	if (files.knownHosts !== null && reply.host_authority !== null) {
		const authority = parsePublicKey(reply.host_authority);
		await writePrivateFile(files.knownHosts, `@cert-authority ${hostKeyAlias} ${authority}\n`);
	}
	return files;
};

/**
 * Reads the file that a ProxyCommand was given.
 * @throws Failure `failed` when there is none or it is not such a file.
 */
export const readProxyCache = async (path: string): Promise<ProxyCache> => {
	try {
		return proxyCacheSchema.parse(JSON.parse(await readFile(path, 'utf8')));
	} catch (error) {
		throw new Failure(
			'failed',
			`Cannot use the SSH credentials in ${path}. Connect with "signalbox ssh", which renews them.`,
			{ cause: error },
		);
	}
};
