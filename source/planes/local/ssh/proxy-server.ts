import { once } from 'node:events';
import { type AddressInfo, createServer, isIPv6, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { Failure, messageOf } from '../../../contract/failure.ts';
import { type Listen, loopbackListen } from '../../../contract/listen.ts';
import { accepted, rejected } from '../../../ssh/wire.ts';
import { readFrame } from './frame-reader.ts';
import type { NodeReference } from './node-reference.ts';
import type { ProxyTokens } from './proxy-tokens.ts';
import { startSshd } from './sshd-process.ts';
import { forgetSshd, noteSshd } from './sshd-sessions.ts';

/** Whether a node can be entered now. */
export type NodeAccess = { readonly sshdConfigPath: string } | { readonly refused: string };

export type ProxyServerOptions = {
	readonly tokens: Pick<ProxyTokens, 'verify'>;
	/** Absolute path of sshd. */
	readonly sshd: string;
	readonly resolve: (node: NodeReference) => NodeAccess | Promise<NodeAccess>;
	/**
	 * Runs before the client is let in, e.g. to wake a session; what it throws keeps the client out.
	 * A node that closes while this is pending has to make it throw.
	 */
	readonly onConnect?: (node: NodeReference) => void | Promise<void>;
	/** Learns why a client was kept out: the protocol has no words for it. */
	readonly onRefuse?: (reason: string, node?: NodeReference) => void;
	/** Plain TCP on loopback unless told. */
	readonly listen?: Listen;
	/** Any free one unless told. */
	readonly port?: number;
	/** Ms that a client has for its token, 10 s unless told. */
	readonly deadlineMs?: number;
};

/**
 * Clients at most that have not been handed to sshd yet. One more makes room by ending the one that
 * waits longest: idle connections, however many, keep nobody out who shows a token at once.
 */
const mostPending = 128;

/**
 * The SSH proxy: lets a client that shows a token for a node through to an sshd for that node
 * (truss and baseten-cli, ssh proxy command: frame, one byte, then raw SSH).
 */
export class ProxyServer {
	/** `host:port` */
	readonly address: string;
	readonly #server: Server;
	readonly #secrets: SecureContext | null;
	readonly #options: ProxyServerOptions;
	/** Clients that have not been handed to sshd yet, the longest waiting first. */
	readonly #pending = new Set<Socket>();

	private constructor(server: Server, options: ProxyServerOptions) {
		const { port } = server.address() as AddressInfo;
		const { name, tls } = options.listen ?? loopbackListen;
		this.address = `${isIPv6(name) ? `[${name}]` : name}:${port}`;
		this.#secrets = tls && createSecureContext(tls);
		this.#server = server;
		this.#options = options;
		server.on('connection', (socket) => void this.#admit(socket));
	}

	/** @throws Failure `failed` when the port cannot be opened. */
	static async listen(options: ProxyServerOptions): Promise<ProxyServer> {
		const { listen = loopbackListen, port = 0 } = options;
		const server = createServer({ noDelay: true, allowHalfOpen: true });
		try {
			server.listen(port, listen.host);
			await once(server, 'listening');
		} catch (error) {
			throw new Failure('failed', `Cannot open the SSH proxy's port: ${messageOf(error)}.`, {
				cause: error,
			});
		}
		return new ProxyServer(server, options);
	}

	/** Takes no more clients. Those that sshd serves stay connected. */
	async close(): Promise<void> {
		if (!this.#server.listening) return;
		const closed = once(this.#server, 'close');
		this.#server.close();
		for (const socket of this.#pending) socket.destroy();
		await closed;
	}

	async #admit(raw: Socket): Promise<void> {
		this.#pending.add(raw);
		const [longest] = this.#pending;
		if (this.#pending.size > mostPending) longest?.destroy();
		raw.once('close', () => this.#pending.delete(raw));
		const socket = this.#secrets === null ? raw : secured(raw, this.#secrets);
		// A client that breaks off shows in `destroyed`; there is nobody to tell.
		socket.on('error', () => {});
		let node: NodeReference | undefined;
		try {
			const jwt = await readFrame(socket, this.#options.deadlineMs ?? 10_000);
			node = await this.#options.tokens.verify(jwt);
			const access = await this.#options.resolve(node);
			if ('refused' in access) throw new Failure('conflict', access.refused);
			await this.#options.onConnect?.(node);
			if (socket.destroyed) return;
			this.#pending.delete(raw);
			this.#handOver(socket, access.sshdConfigPath);
		} catch (error) {
			this.#options.onRefuse?.(messageOf(error), node);
			socket.end(Buffer.of(rejected), () => socket.destroy());
		}
	}

	#handOver(socket: Socket, configPath: string): void {
		socket.write(Buffer.of(accepted));
		const child = startSshd(this.#options.sshd, configPath, socket);
		const { pid } = child;
		if (pid === undefined) throw new Failure('failed', `${this.#options.sshd} does not start.`);
		const directory = dirname(configPath);
		try {
			noteSshd(directory, pid);
		} catch (error) {
			// A process without a note would outlive its node.
			child.kill();
			throw error;
		}
		child.once('exit', () => forgetSshd(directory, pid));
	}
}

/**
 * The handshake runs when the token is read, and within its deadline. A link that fails in it is
 * destroyed, with the plain one below.
 */
const secured = (raw: Socket, secureContext: SecureContext): TLSSocket => {
	raw.on('error', () => {});
	return new TLSSocket(raw, { isServer: true, secureContext });
};
