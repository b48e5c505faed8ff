import { Failure } from '../contract/failure.ts';
import { defaultLoginUser, sshDomain } from '../contract/ssh.ts';
import { configWord, shellWord, withoutTokens } from './quote.ts';

export type ConfigBlockInput = {
	/** Program that runs `ssh-sign HOST` and `ssh-proxy HOST`. */
	readonly helper: string;
	/** Path of the private key. */
	readonly identity: string;
	/** Folder with one folder of credentials for each host name. */
	readonly credentials: string;
	/** Login name on nodes of the local plane. */
	readonly localUser: string;
	readonly forwardAgent: boolean;
};

const opening = '# --- signalbox ---';
const closing = '# --- end signalbox ---';
const everyNode = `training-job-*.${sshDomain}`;
const localNode = `training-job-*.local.${sshDomain}`;

/**
 * The lines of ssh_config(5) by which plain ssh reaches nodes. They stand first in the file, where
 * no `Host *` wins over them; `Match all` gives what follows back its own scope. `Match host` sees
 * the name after HostName was applied: `signalbox ssh` sets one, and so passes these lines by.
 * @throws Failure `invalid` for a path that ssh could not read back.
 */
export const configBlock = (input: ConfigBlockInput): string[] => {
	const { helper, identity, credentials, localUser, forwardAgent } = input;
	if (/["\\\r\n]/.test(`${helper}${identity}${credentials}`)) {
		throw new Failure(
			'invalid',
			`${credentials}: quotes and backslashes cannot stand in ssh's configuration.`,
		);
	}
	const command = withoutTokens(shellWord(helper));
	// Whatever the sign call says, ssh must go the way of the ProxyCommand: by itself it would look
	// the name up in DNS, and hide the error behind another one.
	const sign = `exec "${command} ssh-sign %n || true"`;
	const file = (name: string): string => configWord(`${withoutTokens(credentials)}/%n/${name}`);
	const options = [
		`ProxyCommand ${command} ssh-proxy %n`,
		`IdentityFile ${configWord(withoutTokens(identity))}`,
		`CertificateFile ${file('id-cert.pub')}`,
		'IdentitiesOnly yes',
		'ServerAliveInterval 15',
		'ServerAliveCountMax 4',
		'UpdateHostKeys no',
		...(forwardAgent ? ['ForwardAgent yes'] : []),
	];
	return [
		opening,
		'# Written by "signalbox setup", taken out by "signalbox setup --remove".',
		`Match host ${localNode} ${sign}`,
		...indented([
			`User ${localUser}`,
			...options,
			'# The local plane signs its host keys.',
			'StrictHostKeyChecking yes',
			`UserKnownHostsFile ${file('known_hosts')}`,
			'GlobalKnownHostsFile /dev/null',
		]),
		`Match host ${everyNode},!${localNode} ${sign}`,
		...indented([
			`User ${defaultLoginUser}`,
			...options,
			'# Baseten publishes no host keys: TLS and its token protect the way to the proxy.',
			'StrictHostKeyChecking no',
			'UserKnownHostsFile /dev/null',
			'GlobalKnownHostsFile /dev/null',
			'LogLevel ERROR',
		]),
		'Match all',
		closing,
	];
};

const indented = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);

/** What a configuration file holds for these host names. */
export type ConfigFile = {
	/** The file without our block, byte for byte. */
	readonly others: string;
	/** Lines of our block, null when there is none. */
	readonly block: readonly string[] | null;
	/** The line ending of the file. */
	readonly lineEnd: '\n' | '\r\n';
	/** Who else serves the names, null for nobody. */
	readonly owner: ConfigOwner | null;
};

export type ConfigOwner = {
	readonly name: 'truss' | 'the baseten CLI' | 'another tool';
	/** Number of the line in the file, counted from 1. */
	readonly line: number;
};

/**
 * Finds our block and other tools' in an ssh_config.
 * @throws Failure `conflict` when our block has no end: nobody knows what is the user's then.
 */
export const readConfig = (text: string, path: string): ConfigFile => {
	const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
	const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
	const from = lines.indexOf(opening);
	const to = lines.indexOf(closing, from);
	if (from === -1) return { others: text, block: null, lineEnd, owner: ownerOf(lines) };
	if (to === -1) {
		throw new Failure(
			'conflict',
			`${path}: the block that begins in line ${from + 1} has no line "${closing}". Put it back, or delete the block by hand.`,
		);
	}
	const raw = text.split('\n');
	// The blank line behind the block is ours as well.
	const after = lines[to + 1] === '' && to + 2 < lines.length ? to + 2 : to + 1;
	const others = [...raw.slice(0, from), ...raw.slice(after)].join('\n');
	const blanked = lines.map((line, index) => (index >= from && index <= to ? '' : line));
	return { others, block: lines.slice(from, to + 1), lineEnd, owner: ownerOf(blanked) };
};

const ownerOf = (lines: readonly string[]): ConfigOwner | null => {
	const line = lines.findIndex((each) => /^\s*(?:host|match)\b.*ssh\.baseten\.co/i.test(each));
	if (line === -1) return null;
	const marker = lines.slice(0, line).findLast((each) => /^# --- .* ---$/.test(each));
	if (marker === '# --- baseten-ssh ---') return { name: 'truss', line: line + 1 };
	if (marker === '# --- baseten-cli-ssh ---') return { name: 'the baseten CLI', line: line + 1 };
	return { name: 'another tool', line: line + 1 };
};

/** The file with our block in front of everything else; without it when `block` is null. */
export const writeConfig = (
	{ others, lineEnd }: ConfigFile,
	block: readonly string[] | null,
): string => {
	if (block === null) return others;
	const rest = others === '' ? '' : `${lineEnd}${others}`;
	return `${block.join(lineEnd)}${lineEnd}${rest}`;
};
