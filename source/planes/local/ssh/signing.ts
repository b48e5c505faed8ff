import { userInfo } from 'node:os';
import { Failure, messageOf } from '../../../contract/failure.ts';
import type { SshSignReply } from '../../../contract/ssh.ts';
import { parsePublicKey } from '../../../ssh/public-key.ts';
import type { Authority } from './authority.ts';
import { principalOf } from './node-reference.ts';
import { credentialSeconds, type ProxyTokens } from './proxy-tokens.ts';

export type SignerOptions = {
	readonly authority: Authority;
	readonly tokens: ProxyTokens;
	/** `host:port` of the proxy, as clients reach it. */
	readonly proxyAddress: string;
	/** Off unless told. */
	readonly proxyTls?: boolean;
	/** The user that sshd lets in, the plane's own unless told. */
	readonly loginUser?: string;
	/** Epoch ms, for the expiry that the reply states. */
	readonly now?: () => number;
};

export type SignRequest = {
	readonly jobId: string;
	/** Rank of the node. */
	readonly node: number;
	/** A public key line, as the client sent it. */
	readonly publicKey: string;
};

/** Issues what a client needs to enter one node: certificate, token, and where to go. */
export const createSigner = (
	options: SignerOptions,
): ((request: SignRequest) => Promise<SshSignReply>) => {
	const { authority, tokens, proxyAddress, proxyTls = false, now = Date.now } = options;
	const loginUser = options.loginUser ?? userInfo().username;
	/** @throws Failure `invalid` when the public key is none. */
	return async ({ jobId, node, publicKey }) => {
		const reference = { job: jobId, node };
		const principal = principalOf(reference);
		const expiresAt = new Date(now() + credentialSeconds * 1000).toISOString();
		return {
			ssh_certificate: await certify(authority, parsePublicKey(publicKey), principal),
			jwt: await tokens.issue(reference),
			proxy_address: proxyAddress,
			ssh_cert_expires_at: expiresAt,
			host_authority: authority.publicKey,
			login_user: loginUser,
			proxy_tls: proxyTls,
		};
	};
};

const certify = async (
	authority: Authority,
	publicKey: string,
	principal: string,
): Promise<string> => {
	try {
		return await authority.certify(publicKey, {
			kind: 'user',
			keyId: `signalbox ${principal}`,
			principals: [principal],
			// A minute back, for a client whose certificate reaches sshd by a slower clock.
			validity: `-1m:+${credentialSeconds}s`,
			options: ['no-user-rc', 'no-x11-forwarding'],
		});
	} catch (error) {
		throw new Failure('invalid', `The public key cannot be signed: ${messageOf(error)}`, {
			cause: error,
		});
	}
};
