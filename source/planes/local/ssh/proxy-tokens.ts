import {
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	type KeyObject,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Failure, messageOf } from '../../../contract/failure.ts';
import { makePrivateDirectory, writePrivateFile } from '../../../ssh/private-file.ts';
import { type NodeReference, principalOf } from './node-reference.ts';

const algorithm = 'ES256';
const audience = 'signalbox-ssh-proxy';

/** Seconds for which certificate and token of one sign call are valid. */
export const credentialSeconds = 600;

const claimsSchema = z.object({ job: z.string(), node: z.number().int().min(0) });

/** The tokens with which a client gets past the SSH proxy to one node. */
export class ProxyTokens {
	readonly #key: KeyObject;
	readonly #now: () => number;

	private constructor(key: KeyObject, now: () => number) {
		this.#key = key;
		this.#now = now;
	}

	/** Opens the signing key in a folder of the data directory, and creates it on first use. */
	static async open(directory: string, now: () => number = Date.now): Promise<ProxyTokens> {
		await makePrivateDirectory(directory);
		const path = join(directory, 'token-key.pem');
		const pem = await readFile(path, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
			if (error.code !== 'ENOENT') throw error;
			const made = createKeyPem();
			await writePrivateFile(path, made);
			return made;
		});
		return new ProxyTokens(createPrivateKey(pem), now);
	}

	/** A JWT for one node, valid for {@link credentialSeconds}. */
	issue(node: NodeReference): Promise<string> {
		const seconds = Math.floor(this.#now() / 1000);
		return new SignJWT({ job: node.job, node: node.node })
			.setProtectedHeader({ alg: algorithm })
			.setSubject(principalOf(node))
			.setAudience(audience)
			.setIssuedAt(seconds)
			.setExpirationTime(seconds + credentialSeconds)
			.sign(this.#key);
	}

	/**
	 * The node that a token is for.
	 * @throws Failure `unauthorized` when it is forged, malformed, expired, or for another use.
	 */
	async verify(jwt: string): Promise<NodeReference> {
		try {
			const { payload } = await jwtVerify(jwt, createPublicKey(this.#key), {
				algorithms: [algorithm],
				audience,
				currentDate: new Date(this.#now()),
				requiredClaims: ['exp'],
			});
			return claimsSchema.parse(payload);
		} catch (error) {
			throw new Failure('unauthorized', `The token is not valid: ${messageOf(error)}.`, {
				cause: error,
			});
		}
	}
}

const createKeyPem = (): string =>
	generateKeyPairSync('ec', { namedCurve: 'P-256' })
		.privateKey.export({ type: 'pkcs8', format: 'pem' })
		.toString();
