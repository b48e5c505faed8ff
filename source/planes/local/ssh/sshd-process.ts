import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TLSSocket } from 'node:tls';
import { userDatabaseEnvironment } from './login-names.ts';

/**
 * Lets sshd serve a connection. It gets the socket itself: the bytes flow without us, and the
 * connection outlives this process. Only when the link is encrypted, or bytes were read from the socket already, or wait to
 * be written, do we carry them through pipes. No event may be handled between the last write to
 * the socket and this call, lest bytes be read here meanwhile.
 */
export const startSshd = (sshd: string, configPath: string, socket: Socket): ChildProcess => {
	const isPlain = !(socket instanceof TLSSocket);
	const direct = isPlain && socket.readableLength === 0 && socket.writableLength === 0;
	const log = openSync(join(dirname(configPath), 'sshd.log'), 'a', 0o600);
	try {
		// -i: the connection is on standard input; -e: the log goes to standard error.
		const child = spawn(sshd, ['-i', '-e', '-f', configPath], {
			cwd: '/',
			env: {
				PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
				...userDatabaseEnvironment(dirname(configPath)),
			},
			detached: true,
			stdio: direct ? [socket, socket, log] : ['pipe', 'pipe', log],
		});
		child.on('error', () => socket.destroy());
		child.unref();
		// Closes our copy alone, without a FIN: sshd holds the connection now.
		if (direct) socket.destroy();
		else carry(child, socket);
		return child;
	} finally {
		closeSync(log);
	}
};

const carry = ({ stdin, stdout }: ChildProcess, socket: Socket): void => {
	if (stdin === null || stdout === null) return;
	// Either side may end as it likes: the end of one is the end of the other.
	pipeline(socket, stdin).catch(() => socket.destroy());
	pipeline(stdout, socket).catch(() => socket.destroy());
};
