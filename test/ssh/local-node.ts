import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { SshSignReply } from '../../source/contract/ssh.ts';
import { Authority } from '../../source/planes/local/ssh/authority.ts';
import { findSshd } from '../../source/planes/local/ssh/find-sshd.ts';
import type { NodeReference } from '../../source/planes/local/ssh/node-reference.ts';
import { prepareNodeSshd } from '../../source/planes/local/ssh/node-sshd.ts';
import { type NodeAccess, ProxyServer } from '../../source/planes/local/ssh/proxy-server.ts';
import { ProxyTokens } from '../../source/planes/local/ssh/proxy-tokens.ts';
import { createSigner } from '../../source/planes/local/ssh/signing.ts';
import { sshdProcesses } from '../../source/planes/local/ssh/sshd-sessions.ts';
import { formatSshHost } from '../../source/ssh/hostname.ts';
import { prepareSsh, type SshConnection, type SshLaunch } from '../../source/ssh/launch.ts';
import { shellWord } from '../../source/ssh/quote.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type Outcome, run } from './run.ts';

export const sshd = findSshd();
/** Without sshd there is nothing to test; a CI machine has to have it. */
export const skipWithoutSshd = sshd === undefined && process.env['CI'] === undefined;

const proxyScript = fileURLToPath(new URL('fixtures/ssh-proxy.ts', import.meta.url));
export const proxyCommand = [process.execPath, proxyScript];

/** Values that a careless script would break or run. */
export const awkward = `it's "so" $HOME \`id\` \\ %h\n second line`;

export class LocalPlane {
	readonly root: string;
	readonly tokens: ProxyTokens;
	readonly sign: ReturnType<typeof createSigner>;
	readonly proxy: ProxyServer;
	/** Set to put the plane's clock forward. */
	clockAheadMs = 0;
	readonly refusals: string[] = [];
	readonly connects: NodeReference[] = [];
	readonly #authority: Authority;
	readonly #access = new Map<string, NodeAccess>();

	private constructor(root: string, authority: Authority, parts: Parts) {
		this.root = root;
		this.#authority = authority;
		this.tokens = parts.tokens;
		this.proxy = parts.proxy;
		this.sign = createSigner({
			authority,
			tokens: parts.tokens,
			proxyAddress: parts.proxy.address,
		});
	}

	/** Opens a plane in a directory whose name needs every kind of quoting. */
	static async open(): Promise<LocalPlane> {
		const root = join(temporaryDirectory(), `it's a "data" dir %h`);
		const folder = join(root, 'ssh');
		const authority = await Authority.open(folder);
		const tokens = await ProxyTokens.open(folder, () => Date.now() + plane.clockAheadMs);
		const proxy = await ProxyServer.listen({
			tokens,
			sshd: sshd ?? 'sshd',
			resolve: ({ job, node }) =>
				plane.#access.get(`${job}/${node}`) ?? { refused: `There is no node ${job}/${node}.` },
			onConnect: (node) => void plane.connects.push(node),
			onRefuse: (reason) => void plane.refusals.push(reason),
		});
		const plane = new LocalPlane(root, authority, { tokens, proxy });
		onTestFinished(() => plane.end());
		return plane;
	}

	async end(): Promise<void> {
		await this.proxy.close();
		for (const access of this.#access.keys()) {
			for (const pid of sshdProcesses(this.sshDirectory(access))) process.kill(pid);
		}
	}

	sshDirectory(principal: string): string {
		return join(this.root, 'jobs', principal, 'ssh');
	}

	workingDirectory(principal: string): string {
		return join(this.root, 'jobs', principal, 'work');
	}

	async addNode(job: string, node: number): Promise<void> {
		const principal = `${job}/${node}`;
		const workingDirectory = this.workingDirectory(principal);
		await mkdir(workingDirectory, { recursive: true });
		const sshdConfigPath = await prepareNodeSshd({
			job,
			node,
			directory: this.sshDirectory(principal),
			workingDirectory,
			environment: {
				PATH: process.env['PATH'] ?? '',
				HOME: workingDirectory,
				BT_NODE_RANK: String(node),
				SIGNALBOX_NODE: principal,
				AWKWARD: awkward,
				UID: '0',
			},
			authority: this.#authority,
			sshd: sshd ?? 'sshd',
		});
		this.#access.set(principal, { sshdConfigPath });
	}

	/** A certificate of the plane's own authority, whatever the terms. */
	certify(publicKey: string, terms: Parameters<Authority['certify']>[1]): Promise<string> {
		return this.#authority.certify(publicKey, terms);
	}

	closeNode(principal: string, refused: string): void {
		this.#access.set(principal, { refused });
	}
}

type Parts = { readonly tokens: ProxyTokens; readonly proxy: ProxyServer };

/** A user of the plane with a key directory of their own, whose name needs quoting too. */
export class User {
	readonly directory: string;
	readonly #plane: LocalPlane;

	constructor(plane: LocalPlane) {
		this.#plane = plane;
		this.directory = join(plane.root, `user's "keys" %d`);
	}

	prepare(
		principal: string,
		more: Partial<SshConnection> & { readonly reply?: Partial<SshSignReply> } = {},
	): Promise<SshLaunch> {
		const [job = '', rank] = principal.split('/');
		const node = Number(rank);
		return prepareSsh({
			hostName: formatSshHost({ job, node, remote: 'local' }),
			sign: async (publicKey) => ({
				...(await this.#plane.sign({ jobId: job, node, publicKey })),
				...more.reply,
			}),
			proxyCommand,
			directory: this.directory,
			...more,
			// The tests do not depend on what is in the configuration of whoever runs them.
			sshArguments: ['-F', 'none', ...(more.sshArguments ?? [])],
		});
	}

	async ssh(
		principal: string,
		command: readonly string[],
		more: Partial<SshConnection> & { readonly input?: string } = {},
	): Promise<Outcome> {
		const { command: program, args, env } = await this.prepare(principal, { ...more, command });
		return run(program, args, { env, input: more.input ?? '' });
	}

	/** Options and host for scp, sftp and the like; and a program that is ssh with these options. */
	async transfer(principal: string): Promise<Transfer> {
		const { args } = await this.prepare(principal);
		const host = args.at(-1) ?? '';
		const options = args.slice(0, -1);
		const wrapper = join(temporaryDirectory(), 'ssh');
		await writeFile(wrapper, `#!/bin/sh\nexec ssh ${options.map(shellWord).join(' ')} "$@"\n`);
		await chmod(wrapper, 0o700);
		return { host, options, wrapper };
	}
}

export type Transfer = {
	readonly host: string;
	readonly options: readonly string[];
	readonly wrapper: string;
};
