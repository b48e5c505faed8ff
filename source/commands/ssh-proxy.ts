import type { Readable, Writable } from 'node:stream';
import { readProxyCache } from '../ssh/credentials.ts';
import { relay } from '../ssh/proxy.ts';
import { isLoopback, parseProxyAddress } from '../ssh/proxy-address.ts';

export type SshProxyStreams = {
	readonly stdin: Readable;
	readonly stdout: Writable;
	readonly env: NodeJS.ProcessEnv;
};

/**
 * `signalbox ssh-proxy <cache-file>`: the ProxyCommand that `signalbox ssh` gives to ssh. Not for
 * people, hence not in the help.
 * @throws Failure as `readProxyCache` and `relay` do.
 */
export const sshProxy = async (
	cachePath: string,
	{ stdin, stdout, env }: SshProxyStreams = process,
): Promise<void> => {
	const { jwt, proxy_address: proxyAddress, tls } = await readProxyCache(cachePath);
	const insecure = /^(1|true|yes)$/i.test(env['BASETEN_SSH_PROXY_INSECURE'] ?? '');
	await relay({
		jwt,
		proxyAddress,
		tls: !insecure && (tls ?? !isLoopback(parseProxyAddress(proxyAddress))),
		stdin,
		stdout,
	});
};
