import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Failure, messageOf } from '../contract/failure.ts';
import { type Listen, loopbackListen, type TlsFiles } from '../contract/listen.ts';
import { isLoopback } from '../ssh/proxy-address.ts';
import type { CommandEdges } from './edges.ts';
import type { Flags } from './flags.ts';

/**
 * Where the flags `--host`, `--name`, `--tls-cert` and `--tls-key` want the servers.
 * @throws Failure `usage` for an address that would be open to a network without TLS, or that
 * clients could not be told; `invalid` for certificate files that can not be used.
 */
export const listenOf = async (
	{ host = loopbackListen.host, name, tlsCert, tlsKey }: Flags,
	{ cwd }: Pick<CommandEdges, 'cwd'>,
): Promise<Listen> => {
	if ((tlsCert === undefined) !== (tlsKey === undefined)) {
		throw new Failure('usage', '--tls-cert and --tls-key belong together: give both or neither.');
	}
	const tls =
		tlsCert === undefined || tlsKey === undefined
			? null
			: await readTls(resolve(cwd, tlsCert), resolve(cwd, tlsKey));
	if (tls === null && !isLoopback({ host, port: 0 })) {
		throw new Failure(
			'usage',
			`--host ${host}: tokens would cross the network in clear. Give --tls-cert and --tls-key.`,
		);
	}
	if (name === undefined && isIP(host) !== 0 && /^[0:.]+$/.test(host)) {
		throw new Failure('usage', `--host ${host} is no address to reach: give --name as well.`);
	}
	return { host, name: name ?? host, tls };
};

const readTls = async (certPath: string, keyPath: string): Promise<TlsFiles> => {
	const [cert, key] = await Promise.all([
		readPem('--tls-cert', certPath),
		readPem('--tls-key', keyPath),
	]);
	try {
		createSecureContext({ cert, key });
	} catch (error) {
		const reason = messageOf(error);
		throw new Failure('invalid', `${certPath} and ${keyPath} are no pair for TLS: ${reason}.`, {
			cause: error,
		});
	}
	return { cert, key };
};

const readPem = async (flag: string, path: string): Promise<string> => {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		throw new Failure('invalid', `${flag}: cannot read ${path}: ${messageOf(error)}.`, {
			cause: error,
		});
	}
};
