import { runTool } from './open-ssh.ts';

export type AgentKey = {
	/** `SHA256:…` */
	readonly fingerprint: string;
	readonly comment: string;
	/** As ssh-add names it, e.g. `ED25519`. */
	readonly type: string;
};

/** `none`: no agent is running, or its socket does not answer. `empty`: it holds no keys. */
export type AgentState =
	| { readonly state: 'none'; readonly keys: readonly [] }
	| { readonly state: 'empty'; readonly keys: readonly [] }
	| { readonly state: 'keys'; readonly keys: readonly AgentKey[] };

/**
 * Asks ssh-add what the user's agent holds: without keys in it, agent forwarding has nothing to
 * offer.
 * @throws Failure `failed` when ssh-add is missing.
 */
export const inspectAgent = async (env: NodeJS.ProcessEnv = process.env): Promise<AgentState> => {
	const { code, stdout } = await runTool('ssh-add', ['-l'], env);
	// ssh-add(1): 1 when the command fails, such as for want of keys; 2 when no agent answers.
	if (code === 2) return { state: 'none', keys: [] };
	const keys = code === 0 ? stdout.split('\n').flatMap(parseKey) : [];
	return keys.length === 0 ? { state: 'empty', keys: [] } : { state: 'keys', keys };
};

/** `256 SHA256:… a comment (ED25519)` */
const parseKey = (line: string): AgentKey[] => {
	const [, fingerprint, comment, type] = /^\d+ (\S+) (.*) \(([^()]+)\)$/.exec(line) ?? [];
	return fingerprint === undefined || comment === undefined || type === undefined
		? []
		: [{ fingerprint, comment, type }];
};

/** The program that adds the user's default keys; on macOS it gets passphrases from the keychain. */
export const addKeysCommand = (platform: NodeJS.Platform): readonly [string, ...string[]] =>
	platform === 'darwin' ? ['ssh-add', '--apple-use-keychain'] : ['ssh-add'];
