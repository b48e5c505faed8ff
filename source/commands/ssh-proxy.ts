import type { Readable, Writable } from 'node:stream';
import { sshDomain } from '../contract/ssh.ts';
import {
	isFresh,
	type ProxyCache,
	proxyCachePath,
	readProxyCache,
	readProxyFile,
} from '../ssh/credentials.ts';
import { parseSshHost } from '../ssh/hostname.ts';
import { defaultKeyDirectory } from '../ssh/key-pair.ts';
import { relay } from '../ssh/proxy.ts';
import { isLoopback, parseProxyAddress } from '../ssh/proxy-address.ts';
import type { CommandInput } from './command.ts';
import type { CommandEdges } from './edges.ts';
import { dataDirectoryOf } from './settings.ts';
import { renewCredentials } from './ssh-credentials.ts';

/**
 * `signalbox ssh-proxy FILE|HOST`: the ProxyCommand, for a file of `signalbox ssh` or a host name
 * in the block of `signalbox setup`. Not for people, hence not in the help.
 * @returns 1, without a word, after a sign call that has failed and said why
 * @throws Failure as `readProxyCache`, `renewCredentials` and `relay` do.
 */
export const sshProxy = async (
	{ words: [target = ''] }: CommandInput,
	edges: Pick<CommandEdges, 'env' | 'cwd' | 'now'> & {
		readonly stdin: Readable;
		readonly stdout: Writable;
	},
): Promise<number> => {
	const { env, stdin, stdout } = edges;
	const isHost = target.endsWith(`.${sshDomain}`) && !target.includes('/');
	const cache = isHost ? await cacheOfHost(target, edges) : await readProxyCache(target);
	if (cache === null) return 1;
	const { jwt, proxy_address: proxyAddress, tls } = cache;
	const insecure = /^(1|true|yes)$/i.test(env['BASETEN_SSH_PROXY_INSECURE'] ?? '');
	await relay({
		jwt,
		proxyAddress,
		tls: !insecure && (tls ?? !isLoopback(parseProxyAddress(proxyAddress))),
		stdin,
		stdout,
	});
	return 0;
};

/** A host's token, renewed when it is missing or too old; null after a refusal. */
const cacheOfHost = async (
	name: string,
	edges: Pick<CommandEdges, 'env' | 'cwd' | 'now'>,
): Promise<ProxyCache | null> => {
	const host = parseSshHost(name);
	const path = proxyCachePath(defaultKeyDirectory(edges.env), host);
	const cached = await readProxyFile(path);
	if (cached !== null && 'refused' in cached) return null;
	if (cached !== null && isFresh(cached, edges.now())) return cached;
	await renewCredentials(host, {
		env: edges.env,
		dataDirectory: dataDirectoryOf(undefined, edges),
	});
	return readProxyCache(path);
};
