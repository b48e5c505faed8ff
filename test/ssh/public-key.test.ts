import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sshKeygen } from '../../source/ssh/open-ssh.ts';
import { parsePublicKey } from '../../source/ssh/public-key.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl1cQVqE0VqVx1cQVqE0VqVx1cQVqE0VqVx1cQVqE0V';

describe('parsePublicKey', () => {
	test.each(['ed25519', 'ecdsa', 'rsa'])(
		'accepts a real %s key and drops its comment',
		async (type) => {
			const path = join(temporaryDirectory(), 'key');
			await sshKeygen('-q', '-t', type, '-N', '', '-C', 'a comment, with more', '-f', path);
			const line = await readFile(`${path}.pub`, 'utf8');
			expect(parsePublicKey(line)).toBe(line.split(' ').slice(0, 2).join(' '));
		},
	);

	test.each([
		['nothing', ''],
		['a second line', `${key}\n@cert-authority * ${key}`],
		['a carriage return', `${key} x\r${key}`],
		['options before the key', `command="id" ${key}`],
		['an unknown type', key.replace('ssh-ed25519', 'ssh-dss')],
		['a certificate', key.replace('ssh-ed25519', 'ssh-ed25519-cert-v01@openssh.com')],
		['a type that the blob contradicts', key.replace('ssh-ed25519', 'ssh-rsa')],
		['a blob that is no base64', 'ssh-ed25519 ****'],
		['a blob too short for a type', 'ssh-ed25519 AAAA'],
		['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
	])('refuses %s', (_, text) => {
		expect(() => parsePublicKey(text)).toThrow('public_key');
	});
});
