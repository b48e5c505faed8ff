import { delimiter } from 'node:path';
import { findSshd } from '../../planes/local/ssh/find-sshd.ts';
import { knowsBasetenUser } from '../../planes/local/ssh/login-names.ts';
import { findProgram } from '../../ssh/find-program.ts';
import { runTool } from '../../ssh/open-ssh.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** ssh reads CertificateFile since this version (OpenSSH release notes). */
const oldestSsh = 7.2;

const client = 'install OpenSSH: apt install openssh-client, dnf install openssh-clients';

/** ssh, ssh-keygen and sshd of this machine. */
export const checkPrograms = async (env: NodeJS.ProcessEnv): Promise<Check[]> => [
	await checkSsh(env),
	checkKeygen(env),
	await checkSshd(env),
	checkLoginName(),
];

const checkSsh = async (env: NodeJS.ProcessEnv): Promise<Check> => {
	const version = await versionOf('ssh', env);
	if (version === null) return fail('ssh', 'not found', client);
	if (Number.parseFloat(version.replace(/^\D+/, '')) >= oldestSsh) return ok('ssh', version);
	return fail('ssh', `${version} knows no certificate files`, `use OpenSSH ${oldestSsh} or newer`);
};

const checkKeygen = (env: NodeJS.ProcessEnv): Check => {
	const path = findProgram('ssh-keygen', (env['PATH'] ?? '').split(delimiter));
	return path === undefined ? fail('ssh-keygen', 'not found', client) : ok('ssh-keygen', path);
};

const checkSshd = async (env: NodeJS.ProcessEnv): Promise<Check> => {
	const path = findSshd(env);
	if (path === undefined) {
		const mend =
			'install openssh-server; signalbox starts its own sshd, the system one can stay off';
		return warn('sshd', 'not found: nodes of the local plane can not be entered', mend);
	}
	return ok('sshd', `${(await versionOf(path, env)) ?? 'of an unknown version'}, ${path}`);
};

/** Old versions of sshd know no -V, and tell theirs with the complaint. */
const versionOf = async (program: string, env: NodeJS.ProcessEnv): Promise<string | null> => {
	const said = await runTool(program, ['-V'], env).catch(() => null);
	return /OpenSSH_[^\s,]+/.exec(`${said?.stdout}${said?.stderr}`)?.[0] ?? null;
};

const checkLoginName = (): Check =>
	knowsBasetenUser()
		? ok('login names', "Baseten's own ssh clients can enter local nodes, too")
		: ok(
				'login names',
				"only signalbox enters local nodes; Baseten's own ssh clients need libnss-wrapper",
			);
