import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '../temporary-directory.ts';
import { run } from './run.ts';

/** A certificate for `localhost` that vouches for itself, with its key; and their files. */
export const selfSigned = async () => {
	const directory = temporaryDirectory();
	const [keyPath, certPath] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
	const { code, stderr } = await run('openssl', [
		...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
		...['-keyout', keyPath, '-out', certPath, '-days', '2', '-subj', '/CN=localhost'],
		...['-addext', 'subjectAltName=DNS:localhost'],
	]);
	if (code !== 0) throw new Error(stderr);
	const [key, cert] = [await readFile(keyPath, 'utf8'), await readFile(certPath, 'utf8')];
	return { key, cert, keyPath, certPath };
};
