import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../contract/failure.ts';
import type { Listen } from '../../contract/listen.ts';
import type { SshSignReply } from '../../contract/ssh.ts';
import type { NodeDirectory } from './node-directory.ts';
import { Authority } from './ssh/authority.ts';
import { findSshd } from './ssh/find-sshd.ts';
import type { NodeReference } from './ssh/node-reference.ts';
import { prepareNodeSshd } from './ssh/node-sshd.ts';
import { ProxyServer } from './ssh/proxy-server.ts';
import { ProxyTokens } from './ssh/proxy-tokens.ts';
import { createSigner, type SignRequest } from './ssh/signing.ts';

export type SshGatewayOptions = {
	readonly dataDirectory: string;
	/** The node's folders. @throws Failure that says why nobody can enter it now. */
	readonly enter: (node: NodeReference) => NodeDirectory;
	/** Someone is being let in. @throws Failure when the node has closed meanwhile. */
	readonly connected: (node: NodeReference) => void;
	/** Someone was kept out. */
	readonly refused: (reason: string, node?: NodeReference) => void;
	readonly now: () => number;
	readonly listen: Listen;
	/** Absolute path of sshd; looked for unless told. Null: there is none. */
	readonly sshd?: string | null | undefined;
};

/** The way into nodes by ssh: certificates, tokens, the proxy, and one sshd per connection. */
export class SshGateway {
	/** `host:port` of the proxy. */
	readonly address: string;
	readonly sign: (request: SignRequest) => Promise<SshSignReply>;
	readonly #authority: Authority;
	readonly #proxy: ProxyServer;
	readonly #sshd: string;

	private constructor(
		authority: Authority,
		tokens: ProxyTokens,
		proxy: ProxyServer,
		sshd: string,
		now: () => number,
		proxyTls: boolean,
	) {
		this.#authority = authority;
		this.#proxy = proxy;
		this.#sshd = sshd;
		this.address = proxy.address;
		this.sign = createSigner({ authority, tokens, proxyAddress: proxy.address, proxyTls, now });
	}

	/** @throws Failure `failed` when sshd or ssh-keygen is missing, or the port cannot be opened. */
	static async open(options: SshGatewayOptions): Promise<SshGateway> {
		const { dataDirectory, enter, connected, refused, now, listen } = options;
		const sshd = options.sshd === undefined ? findSshd() : options.sshd;
		if (!sshd) {
			throw new Failure(
				'failed',
				'sshd is not installed, so nodes cannot be entered. Install openssh-server and start again.',
			);
		}
		const folder = join(dataDirectory, 'ssh');
		const authority = await Authority.open(folder);
		const tokens = await ProxyTokens.open(folder, now);
		const proxy = await ProxyServer.listen({
			tokens,
			sshd,
			resolve: (node) => {
				const sshdConfigPath = configOf(enter(node));
				return existsSync(sshdConfigPath)
					? { sshdConfigPath }
					: { refused: `Node ${node.node} was started without sshd.` };
			},
			onConnect: connected,
			onRefuse: refused,
			listen,
		});
		return new SshGateway(authority, tokens, proxy, sshd, now, listen.tls !== null);
	}

	/** Makes a node ready to be entered. `environment`: what its shells get. */
	async prepare(
		node: NodeReference,
		directory: NodeDirectory,
		environment: Record<string, string>,
	): Promise<void> {
		await prepareNodeSshd({
			...node,
			directory: directory.ssh,
			workingDirectory: directory.work,
			environment,
			authority: this.#authority,
			sshd: this.#sshd,
		});
	}

	/** Takes no more connections; those that exist go on. */
	close(): Promise<void> {
		return this.#proxy.close();
	}
}

const configOf = (directory: NodeDirectory): string => join(directory.ssh, 'sshd_config');
