import { access, mkdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../../../contract/failure.ts';
import { formatSshHost } from '../../../ssh/hostname.ts';
import { runTool, sshKeygen } from '../../../ssh/open-ssh.ts';
import { makePrivateDirectory, writePrivateFile } from '../../../ssh/private-file.ts';
import { parsePublicKey } from '../../../ssh/public-key.ts';
import type { Authority } from './authority.ts';
import { enterScript, environmentScript } from './enter-script.ts';
import { findSftpServer } from './find-sshd.ts';
import { writeUserDatabase } from './login-names.ts';
import { type NodeReference, principalOf } from './node-reference.ts';
import { sshdConfig } from './sshd-config.ts';

export type NodeSshdOptions = NodeReference & {
	/** Folder for the node's SSH files, for the owner alone. */
	readonly directory: string;
	/** Where shells, commands and transfers start. */
	readonly workingDirectory: string;
	/** All that shells and commands find in their environment, secrets included. */
	readonly environment: Readonly<Record<string, string>>;
	readonly authority: Authority;
	/** Absolute path of sshd. */
	readonly sshd: string;
};

/**
 * Writes all that an sshd for one node needs, and has sshd check it. May be called again, with
 * another environment say: the host key stays.
 * @returns path of the sshd_config
 * @throws Failure `failed` when sshd refuses, `invalid` for an impossible environment.
 */
export const prepareNodeSshd = async (options: NodeSshdOptions): Promise<string> => {
	const { directory, authority, sshd } = options;
	const principal = principalOf(options);
	const file = (name: string): string => join(directory, name);
	await makePrivateDirectory(directory);
	await prepareHostKey(file('host_key'), authority, options);
	await writePrivateFile(file('user_authority.pub'), `${authority.publicKey}\n`);
	await writeUserDatabase(directory);
	await writePrivateFile(file('principals'), `${principal}\n`);
	await writePrivateFile(file('environment.sh'), environmentScript(options.environment));
	await writePrivateFile(
		file('enter.sh'),
		enterScript(file('environment.sh'), options.workingDirectory),
	);
	const config = sshdConfig({
		hostKey: file('host_key'),
		hostCertificate: file('host_key-cert.pub'),
		userAuthority: file('user_authority.pub'),
		principals: file('principals'),
		emptyHome: directory,
		enter: file('enter.sh'),
		sftpServer: findSftpServer(sshd),
		usePam: await accountIsLocked(),
	});
	await writePrivateFile(file('sshd_config'), config);
	await checkConfig(sshd, file('sshd_config'));
	return file('sshd_config');
};

const prepareHostKey = async (
	hostKey: string,
	authority: Authority,
	{ job, node }: NodeReference,
): Promise<void> => {
	await access(hostKey).catch(() =>
		sshKeygen('-q', '-t', 'ed25519', '-N', '', '-C', principalOf({ job, node }), '-f', hostKey),
	);
	const certificate = await authority.certify(
		parsePublicKey(await readFile(`${hostKey}.pub`, 'utf8')),
		{
			kind: 'host',
			keyId: `signalbox host ${principalOf({ job, node })}`,
			principals: [formatSshHost({ job, node }), formatSshHost({ job, node, remote: 'local' })],
		},
	);
	await writePrivateFile(`${hostKey}-cert.pub`, `${certificate}\n`);
};

/**
 * Whether the plane's own account has a locked password, as root often has in container images:
 * without PAM, sshd keeps such an account out even with a certificate. Only root can tell.
 */
const accountIsLocked = async (): Promise<boolean> => {
	const shadow = await readFile('/etc/shadow', 'utf8').catch(() => '');
	const { username } = userInfo();
	return shadow.split('\n').some((line) => line.startsWith(`${username}:!`));
};

/** Has sshd read its configuration. Creates the directory that Debian keeps on a RAM disk. */
const checkConfig = async (sshd: string, config: string): Promise<void> => {
	const check = () => runTool(sshd, ['-t', '-f', config]);
	let result = await check();
	const missing = /Missing privilege separation directory: (\/\S+)/.exec(result.stderr)?.[1];
	if (missing !== undefined) {
		await mkdir(missing, { recursive: true, mode: 0o755 });
		result = await check();
	}
	if (result.code === 0) return;
	const complaint = result.stderr.trim().split(/\r?\n/).join('; ');
	throw new Failure('failed', `${sshd} refuses ${dirname(config)}/sshd_config: ${complaint}`);
};
