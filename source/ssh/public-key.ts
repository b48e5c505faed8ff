import { Failure } from '../contract/failure.ts';

const keyTypes: readonly string[] = [
	'ssh-ed25519',
	'ecdsa-sha2-nistp256',
	'ecdsa-sha2-nistp384',
	'ecdsa-sha2-nistp521',
	'ssh-rsa',
	'sk-ssh-ed25519@openssh.com',
	'sk-ecdsa-sha2-nistp256@openssh.com',
];

/** `<type> <base64> [comment]` on one line, as in a `.pub` file (sshd(8), AUTHORIZED_KEYS). */
const keyLine = /^(\S+) ([A-Za-z0-9+/]+={0,2})(?: [^\r\n]*)?$/;

/**
 * Checks a public key line and strips its comment: the result is safe to write into a file whose
 * lines have a meaning, such as `known_hosts`.
 * @returns `<type> <base64>`
 * @throws Failure `invalid` for anything but one line with a plain key of a known type.
 */
export const parsePublicKey = (text: string): string => {
	const [, type = '', base64 = ''] = keyLine.exec(text.trim()) ?? [];
	if (!keyTypes.includes(type)) {
		throw new Failure(
			'invalid',
			`public_key is not a public key line. It must be one line of type ${keyTypes.join(', ')}.`,
		);
	}
	// The blob names its own type as an SSH string, and both names must agree (RFC 4253, 6.6).
	const blob = Buffer.from(base64, 'base64');
	const length = blob.length < 4 ? 0 : blob.readUInt32BE();
	if (blob.toString('latin1', 4, 4 + length) !== type) {
		throw new Failure('invalid', `public_key does not hold a key of its type ${type}.`);
	}
	return `${type} ${base64}`;
};
