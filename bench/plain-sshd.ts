import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../source/planes/local/free-port.ts';
import { findSftpServer, findSshd } from '../source/planes/local/ssh/find-sshd.ts';
import { sshKeygen } from '../source/ssh/open-ssh.ts';
import { answers } from '../test/faults/answers.ts';

/** The measure of all that is in between: OpenSSH's server, reached by TCP and a plain key. */
export type PlainSshd = {
	/** Options of ssh and scp. */
	readonly options: readonly string[];
	readonly host: string;
	stop(): Promise<void>;
};

export const startPlainSshd = async (folder: string): Promise<PlainSshd> => {
	const sshd = findSshd();
	if (sshd === undefined) throw new Error('sshd is not installed');
	await mkdir(folder);
	const file = (name: string): string => join(folder, name);
	for (const name of ['host', 'user']) {
		await sshKeygen('-q', '-t', 'ed25519', '-N', '', '-f', file(name));
	}
	const port = await freePort();
	await writeFile(
		file('config'),
		`Port ${port}
ListenAddress 127.0.0.1
HostKey ${file('host')}
AuthorizedKeysFile ${file('user')}.pub
StrictModes no
UsePAM no
PidFile none
Subsystem sftp ${findSftpServer(sshd)}
`,
	);
	const server = spawn(sshd, ['-D', '-e', '-f', file('config')], { stdio: 'ignore' });
	while (!(await answers(port))) await delay(20);
	return {
		options: [
			...['-F', 'none', '-i', file('user'), '-o', `Port=${port}`, '-o', 'LogLevel=ERROR'],
			...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'],
		],
		host: `${userInfo().username}@127.0.0.1`,
		stop: async () => {
			server.kill();
			await once(server, 'exit');
		},
	};
};
