import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../source/planes/local/free-port.ts';
import { sshKeygen } from '../../source/ssh/open-ssh.ts';
import { answers } from '../faults/answers.ts';
import { sshd } from '../ssh/local-node.ts';
import { until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A git host that admits one key: a second real sshd. Returns the URL of its repository. */
export const startGitHost = async (authorizedKey: string): Promise<string> => {
	const folder = temporaryDirectory();
	const repository = join(folder, 'private.git');
	execFileSync('git', ['init', '-q', '-b', 'main', repository]);
	writeFileSync(join(repository, 'code.txt'), 'the private code\n');
	const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
	execFileSync('git', ['-C', repository, 'add', '.']);
	execFileSync('git', ['-C', repository, ...author, 'commit', '-q', '-m', 'first']);
	await sshKeygen('-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host'));
	writeFileSync(join(folder, 'keys'), authorizedKey, { mode: 0o600 });
	const port = await freePort();
	writeFileSync(
		join(folder, 'config'),
		`Port ${port}
ListenAddress 127.0.0.1
HostKey ${folder}/host
AuthorizedKeysFile ${folder}/keys
StrictModes no
UsePAM no
PasswordAuthentication no
PidFile none
`,
	);
	const server = spawn(sshd ?? 'sshd', ['-D', '-e', '-f', join(folder, 'config')], {
		stdio: 'ignore',
	});
	onTestFinished(() => stop(server));
	await until(() => answers(port));
	return `ssh://${userInfo().username}@127.0.0.1:${port}${repository}`;
};

const stop = async (child: ChildProcess): Promise<void> => {
	const ended = once(child, 'exit');
	if (child.kill()) await ended;
};
