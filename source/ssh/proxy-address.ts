import { BlockList, isIP } from 'node:net';
import { Failure } from '../contract/failure.ts';

export type ProxyAddress = { readonly host: string; readonly port: number };

/**
 * Splits `host:port` at the last colon; an IPv6 address may stand in brackets.
 * @throws Failure `invalid`
 */
export const parseProxyAddress = (address: string): ProxyAddress => {
	const [, host, digits] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
	const port = Number(digits);
	if (host === undefined || port < 1 || port > 65_535) {
		throw new Failure('invalid', `The server named "${address}" as its SSH proxy, not host:port.`);
	}
	return { host: host.replace(/^\[(.*)\]$/, '$1'), port };
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an address stays on this machine, where plain TCP is no risk. */
export const isLoopback = ({ host }: ProxyAddress): boolean => {
	const family = isIP(host);
	if (family === 0) return host === 'localhost';
	return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
};
