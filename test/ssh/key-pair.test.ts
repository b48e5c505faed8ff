import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultKeyDirectory, ensureKeyPair } from '../../source/ssh/key-pair.ts';
import { sshKeygen } from '../../source/ssh/open-ssh.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

test('creates a key pair for its owner alone, and nothing else', async () => {
	const directory = join(temporaryDirectory(), 'deep', 'baseten');
	const { privateKey, publicKey } = await ensureKeyPair(directory);
	expect(privateKey).toBe(join(directory, 'id_ed25519'));
	expect(publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+$/);
	expect(await mode(directory)).toBe('700');
	expect(await mode(privateKey)).toBe('600');
	expect((await readdir(directory)).toSorted()).toEqual(['id_ed25519', 'id_ed25519.pub']);
	// An empty passphrase opens it.
	expect(await sshKeygen('-y', '-P', '', '-f', privateKey)).toContain(publicKey);
});

test('uses the key pair that is there, also an RSA one', async () => {
	const directory = temporaryDirectory();
	await sshKeygen('-q', '-t', 'rsa', '-N', '', '-f', join(directory, 'id_rsa'));
	const { privateKey, publicKey } = await ensureKeyPair(directory);
	expect(privateKey).toBe(join(directory, 'id_rsa'));
	expect(await readFile(`${privateKey}.pub`, 'utf8')).toContain(publicKey);
	expect(await ensureKeyPair(directory)).toEqual({ privateKey, publicKey });
});

test('finds the public key of a private key that lost its .pub file', async () => {
	const directory = temporaryDirectory();
	const made = await ensureKeyPair(directory);
	await rm(`${made.privateKey}.pub`);
	expect(await ensureKeyPair(directory)).toEqual(made);
});

test('calls at the same time agree on one key pair', async () => {
	const directory = temporaryDirectory();
	const pairs = await Promise.all(Array.from({ length: 6 }, () => ensureKeyPair(directory)));
	expect(new Set(pairs.map((pair) => pair.publicKey)).size).toBe(1);
	const [pair] = pairs;
	expect(await sshKeygen('-y', '-P', '', '-f', pair?.privateKey ?? '')).toContain(pair?.publicKey);
});

test('a directory that cannot be used is named', async () => {
	await expect(ensureKeyPair('/dev/null/baseten')).rejects.toThrow(/\/dev\/null\/baseten: ENOTDIR/);
});

test('BASETEN_SSH_DIR moves the directory', () => {
	expect(defaultKeyDirectory({ BASETEN_SSH_DIR: '/elsewhere' })).toBe('/elsewhere');
	expect(defaultKeyDirectory({})).toMatch(/\.ssh\/baseten$/);
});
