import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
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

/** Left by a sign call that failed, so that the ProxyCommand does not try what is stale. */
const refusalSchema = z.object({ refused: z.string() });

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
	const folder = hostFolder(directory, host);
	const hostKeyAlias = canonicalHost(host);
	const cache: ProxyCache = {
		jwt: reply.jwt,
		proxy_address: reply.proxy_address,
		tls: reply.proxy_tls ?? !isLoopback(parseProxyAddress(reply.proxy_address)),
	};
	const files = {
		certificate: join(folder, 'id-cert.pub'),
		proxyCache: proxyCachePath(directory, host),
		knownHosts: reply.host_authority === null ? null : join(folder, 'known_hosts'),
		hostKeyAlias,
	};
	await makePrivateDirectory(folder);
	await writePrivateFile(files.certificate, `${reply.ssh_certificate.trim()}\n`);
	await writePrivateFile(files.proxyCache, JSON.stringify(cache));
	if (files.knownHosts !== null && reply.host_authority !== null) {
		const authority = parsePublicKey(reply.host_authority);
		// Plain ssh, which has no alias, looks for the name that was typed, in lower case.
		const names = new Set([hostKeyAlias, formatSshHost(host), formatSshHost(host).toLowerCase()]);
		const line = `@cert-authority ${[...names].join(',')} ${authority}\n`;
		await writePrivateFile(files.knownHosts, line);
	}
	return files;
};

/**
 * Takes a host's credentials away, and notes why there are no new ones: ssh runs its ProxyCommand
 * even so, which then needs no words of its own.
 */
export const writeRefusal = async (
	directory: string,
	host: SshHost,
	reason: string,
): Promise<void> => {
	const folder = hostFolder(directory, host);
	await makePrivateDirectory(folder);
	await writePrivateFile(proxyCachePath(directory, host), JSON.stringify({ refused: reason }));
	await rm(join(folder, 'id-cert.pub'), { force: true });
};

/** Where signalbox keeps what is of one host. */
const hostFolder = (directory: string, host: SshHost): string =>
	join(directory, 'signalbox', formatSshHost(host));

export const proxyCachePath = (directory: string, host: SshHost): string =>
	join(hostFolder(directory, host), 'proxy.json');

/**
 * Reads the file that a ProxyCommand was given.
 * @throws Failure `failed` when there is none or it is not such a file.
 */
export const readProxyCache = async (path: string): Promise<ProxyCache> => {
	const content = await readProxyFile(path);
	if (content !== null && 'jwt' in content) return content;
	throw new Failure(
		'failed',
		`Cannot use the SSH credentials in ${path}. Connect with "signalbox ssh", which renews them.`,
	);
};

/** A host's cache, the note of a refusal, or null when there is neither. */
export const readProxyFile = async (
	path: string,
): Promise<ProxyCache | z.output<typeof refusalSchema> | null> => {
	try {
		const schema = z.union([proxyCacheSchema, refusalSchema]);
		return schema.parse(JSON.parse(await readFile(path, 'utf8')));
	} catch {
		return null;
	}
};

/** Whether a token will still be valid when the proxy reads it; one without an end always is. */
export const isFresh = ({ jwt }: ProxyCache, nowMs: number): boolean => {
	try {
		const { exp } = decodeJwt(jwt);
		return exp === undefined || exp * 1000 > nowMs + marginMs;
	} catch {
		// Not for us to read: the proxy decides.
		return true;
	}
};

/** Ms that a token should still have, for slow links and clocks that differ. */
const marginMs = 15_000;
