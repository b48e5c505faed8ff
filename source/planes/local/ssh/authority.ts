import { access, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sshKeygen } from '../../../ssh/open-ssh.ts';
import { makePrivateDirectory, writePrivateFile } from '../../../ssh/private-file.ts';
import { parsePublicKey } from '../../../ssh/public-key.ts';

/** What a certificate says besides the key (ssh-keygen(1), CERTIFICATES). */
export type CertificateTerms = {
	readonly kind: 'user' | 'host';
	/** Name for the log of sshd. */
	readonly keyId: string;
	readonly principals: readonly string[];
	/** Validity as ssh-keygen takes it, e.g. `-1m:+10m`; for ever unless told. */
	readonly validity?: string;
	/** Options of ssh-keygen's `-O`, e.g. `no-user-rc`. */
	readonly options?: readonly string[];
};

/**
 * The certificate authority of one data directory, for users and for hosts: the kind of a
 * certificate is part of what is signed (OpenSSH PROTOCOL.certkeys), so one key serves both.
 */
export class Authority {
	/** `<type> <base64>` */
	readonly publicKey: string;
	readonly #directory: string;

	private constructor(directory: string, publicKey: string) {
		this.#directory = directory;
		this.publicKey = publicKey;
	}

	/**
	 * Opens the authority in a folder of the data directory, and creates it on first use.
	 * @throws Failure `failed` when ssh-keygen is missing.
	 */
	static async open(directory: string): Promise<Authority> {
		await makePrivateDirectory(directory);
		const key = join(directory, keyName);
		const exists = await access(key).then(
			() => true,
			() => false,
		);
		if (!exists) await createKey(directory);
		return new Authority(directory, parsePublicKey(await readFile(`${key}.pub`, 'utf8')));
	}

	/**
	 * Signs a public key.
	 * @param publicKey one line, as `parsePublicKey` returns it
	 * @returns the certificate, one line
	 * @throws Failure `failed` with ssh-keygen's complaint, e.g. about a malformed key.
	 */
	async certify(publicKey: string, terms: CertificateTerms): Promise<string> {
		return inDraft(this.#directory, async (draft) => {
			const key = join(draft, 'key.pub');
			await writePrivateFile(key, `${publicKey}\n`);
			await sshKeygen(
				...['-q', '-s', join(this.#directory, keyName), '-I', terms.keyId],
				...['-n', terms.principals.join(',')],
				...(terms.kind === 'host' ? ['-h'] : []),
				...(terms.validity === undefined ? [] : ['-V', terms.validity]),
				...(terms.options ?? []).flatMap((option) => ['-O', option]),
				key,
			);
			return (await readFile(join(draft, 'key-cert.pub'), 'utf8')).trim();
		});
	}
}

const keyName = 'authority';

const createKey = (directory: string): Promise<void> =>
	inDraft(directory, async (draft) => {
		const made = join(draft, keyName);
		await sshKeygen('-q', '-t', 'ed25519', '-N', '', '-C', 'signalbox authority', '-f', made);
		// The private key last: it is what tells that the pair is whole.
		await writePrivateFile(
			join(directory, `${keyName}.pub`),
			await readFile(`${made}.pub`, 'utf8'),
		);
		await rename(made, join(directory, keyName));
	});

/** Lends a folder that its owner alone can enter, and removes it afterwards. */
const inDraft = async <Result>(
	directory: string,
	work: (draft: string) => Promise<Result>,
): Promise<Result> => {
	const draft = await mkdtemp(join(directory, 'draft-'));
	try {
		return await work(draft);
	} finally {
		await rm(draft, { recursive: true, force: true });
	}
};
