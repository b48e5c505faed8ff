import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getCACertificates, connect as tlsConnect } from 'node:tls';
import { Failure, messageOf } from '../contract/failure.ts';
import { parseProxyAddress } from './proxy-address.ts';
import { accepted, encodeFrame } from './wire.ts';

export type RelayOptions = {
	readonly jwt: string;
	/** `host:port` as the sign call returned it. */
	readonly proxyAddress: string;
	readonly tls: boolean;
	/** What ssh writes and reads; the standard streams of a ProxyCommand. */
	readonly stdin: Readable;
	readonly stdout: Writable;
	/** Trusted roots in PEM; Node's own and the system's unless told. */
	readonly ca?: readonly string[];
	/** Ms until the link must stand, 10 s unless told. */
	readonly connectTimeoutMs?: number;
	/** Ms until the proxy must have answered: it may have to wake a session first. 30 s. */
	readonly answerTimeoutMs?: number;
};

/**
 * The body of a ProxyCommand: presents the JWT to the proxy and then carries bytes both ways for
 * as long as ssh wants, however idle the link is. Ends when the proxy's side has ended.
 * @throws Failure `unreachable` (no link, TLS, link broke) or `unauthorized` (proxy said no).
 */
export const relay = async (options: RelayOptions): Promise<void> => {
	const { stdin, stdout, proxyAddress } = options;
	const frame = encodeFrame(options.jwt);
	const socket = await openLink(options);
	try {
		socket.write(frame);
		const first = await firstBytes(socket, options);
		if (first[0] !== accepted) throw proxyRefused(proxyAddress);
		// Bytes behind the answer are ssh's already.
		if (first.length > 1) socket.unshift(first.subarray(1));
		await carry(stdin, stdout, socket, proxyAddress);
	} finally {
		socket.destroy();
		stdin.destroy();
	}
};

const openLink = ({
	proxyAddress,
	tls,
	ca,
	connectTimeoutMs = 10_000,
}: RelayOptions): Promise<Socket> => {
	const { host, port } = parseProxyAddress(proxyAddress);
	return new Promise((resolve, reject) => {
		const socket = tls
			? tlsConnect({
					host,
					port,
					ca: [...(ca ?? trustedRoots())],
					// An address has no server name indication (RFC 6066, 3).
					...(isIP(host) === 0 ? { servername: host } : {}),
				})
			: tcpConnect({ host, port });
		let reached = false;
		const fail = (reason: string, cause?: unknown): void => {
			clearTimeout(deadline);
			socket.destroy();
			const message = reached
				? `The SSH proxy ${proxyAddress} has no trusted TLS: ${reason}. Check the machine's clock and root certificates.`
				: `Cannot reach the SSH proxy ${proxyAddress}: ${reason}. Check the network and any firewall.`;
			reject(new Failure('unreachable', message, { cause }));
		};
		const deadline = setTimeout(
			() => fail(`no answer within ${connectTimeoutMs / 1000} s`),
			connectTimeoutMs,
		);
		socket.on('error', (error) => fail(reasonOf(error), error));
		socket.once('connect', () => {
			reached = true;
			socket.setNoDelay(true);
		});
		socket.once(tls ? 'secureConnect' : 'connect', () => {
			clearTimeout(deadline);
			resolve(socket);
		});
	});
};

/** Node's own roots and those of the system, where companies put theirs. */
const trustedRoots = (): string[] => [
	...getCACertificates('default'),
	...getCACertificates('system'),
];

const firstBytes = (
	socket: Socket,
	{ proxyAddress, answerTimeoutMs = 30_000 }: RelayOptions,
): Promise<Buffer> =>
	new Promise((resolve, reject) => {
		const deadline = setTimeout(
			() =>
				reject(
					new Failure(
						'unreachable',
						`The SSH proxy ${proxyAddress} did not answer within ${answerTimeoutMs / 1000} s.`,
					),
				),
			answerTimeoutMs,
		);
		const settle = (outcome: () => void) => (): void => {
			clearTimeout(deadline);
			socket.off('readable', take).off('end', ended).off('error', ended);
			outcome();
		};
		const take = (): void => {
			const chunk: Buffer | null = socket.read();
			if (chunk !== null) settle(() => resolve(chunk))();
		};
		const ended = settle(() => reject(proxyRefused(proxyAddress)));
		socket.on('readable', take).on('end', ended).on('error', ended);
	});

const proxyRefused = (proxyAddress: string): Failure =>
	new Failure(
		'unauthorized',
		`The SSH proxy ${proxyAddress} rejected the connection. Is the job running, and does it have an ssh session? Then connect again.`,
	);

/**
 * Copies both ways with backpressure. The end of `stdin` becomes a half-close, and what the proxy
 * still sends is delivered; the end of the proxy's side ends everything, as nothing can come back.
 */
const carry = async (
	stdin: Readable,
	stdout: Writable,
	socket: Socket,
	proxyAddress: string,
): Promise<void> => {
	let readerGone = false;
	stdout.once('error', () => {
		// A broken link destroys this stream too, but only after the socket.
		readerGone = socket.errored === null;
	});
	// A failed upload shows in the download as well, which reports it.
	pipeline(stdin, socket).catch(() => {});
	try {
		await pipeline(socket, stdout);
	} catch (error) {
		// ssh has gone: whatever it wanted to say, it has said itself.
		if (readerGone) return;
		throw new Failure(
			'unreachable',
			`The connection to the SSH proxy ${proxyAddress} broke: ${reasonOf(error)}.`,
			{ cause: error },
		);
	}
};

/** Node's codes (ECONNREFUSED, CERT_HAS_EXPIRED) say more than some of its messages. */
const reasonOf = (error: unknown): string =>
	messageOf(error) || String((error as NodeJS.ErrnoException).code);
