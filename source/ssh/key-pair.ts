import { existsSync } from 'node:fs';
import { chmod, link, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure, messageOf } from '../contract/failure.ts';
import { sshKeygen } from './open-ssh.ts';
import { makePrivateDirectory } from './private-file.ts';
import { parsePublicKey } from './public-key.ts';

export type KeyPair = {
	/** Path of the private key. */
	readonly privateKey: string;
	/** The public key as `<type> <base64>`. */
	readonly publicKey: string;
};

/** Directory that Baseten's own clients use too: one key pair serves them all. */
export const defaultKeyDirectory = (env: NodeJS.ProcessEnv = process.env): string =>
	env['BASETEN_SSH_DIR'] || join(homedir(), '.ssh', 'baseten');

const keyNames = ['id_ed25519', 'id_rsa'] as const;

/**
 * Finds the key pair in a directory, or creates one (ed25519, without passphrase). The key opens
 * nothing by itself: each connection gets a certificate for it that lasts minutes.
 * @throws Failure `failed` when ssh-keygen is missing or the directory cannot be used.
 */
export const ensureKeyPair = async (directory = defaultKeyDirectory()): Promise<KeyPair> => {
	try {
		await makePrivateDirectory(directory);
		await chmod(directory, 0o700);
		return (await findKeyPair(directory)) ?? (await createKeyPair(directory));
	} catch (error) {
		if (error instanceof Failure) throw error;
		throw new Failure('failed', `Cannot keep an SSH key in ${directory}: ${messageOf(error)}.`, {
			cause: error,
		});
	}
};

/** Path of the private key that {@link ensureKeyPair} finds, or would create. */
export const privateKeyPath = (directory: string): string => {
	const paths = keyNames.map((name) => join(directory, name));
	return paths.find((path) => existsSync(path)) ?? join(directory, keyNames[0]);
};

const findKeyPair = async (directory: string): Promise<KeyPair | undefined> => {
	for (const name of keyNames) {
		const privateKey = join(directory, name);
		if (await protect(privateKey)) return { privateKey, publicKey: await publicKeyOf(privateKey) };
	}
	return undefined;
};

/** Closes a private key to others, which ssh insists on; false when there is none. */
const protect = async (path: string): Promise<boolean> => {
	try {
		await chmod(path, 0o600);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	}
};

const publicKeyOf = async (privateKey: string): Promise<string> => {
	const text = await readFile(`${privateKey}.pub`, 'utf8').catch(() =>
		sshKeygen('-y', '-P', '', '-f', privateKey),
	);
	return parsePublicKey(text);
};

const createKeyPair = async (directory: string): Promise<KeyPair> => {
	const draft = await mkdtemp(join(directory, 'new-'));
	const [name] = keyNames;
	const made = join(draft, name);
	const privateKey = join(directory, name);
	try {
		await sshKeygen('-q', '-t', 'ed25519', '-N', '', '-C', 'signalbox', '-f', made);
		// A link fails when the name exists: of two processes that create a key, one wins whole.
		await link(made, privateKey);
		await rename(`${made}.pub`, `${privateKey}.pub`);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	} finally {
		await rm(draft, { recursive: true, force: true });
	}
	return { privateKey, publicKey: await publicKeyOf(privateKey) };
};
