import { Failure } from '../../contract/failure.ts';

/** A section of `.trussrc`. */
export type TrussRemote = {
	readonly name: string;
	/** Address of the web page, e.g. `https://app.baseten.co`. */
	readonly remoteUrl: string | null;
	/** The secret to send, null when truss keeps it in the keyring of the system. */
	readonly token: string | null;
};

/**
 * Reads `.trussrc`, which Python's configparser writes: no quotes, no comments behind values, names
 * of any characters in the brackets, keys in any case. (Readers of npm's INI dialect change such
 * values.)
 * @throws Failure `invalid` with the number of the line that is none.
 */
export const parseTrussRc = (text: string, path: string): TrussRemote[] => {
	const sections = new Map<string, Map<string, string>>();
	let section: Map<string, string> | undefined;
	let key: string | undefined;
	for (const [index, line] of text.split(/\r?\n/).entries()) {
		if (/^\s*(?:[#;]|$)/.test(line)) continue;
		const header = /^\[([^\]]+)\]/.exec(line)?.[1];
		const [, name, value] = /^([^=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
		if (header !== undefined) {
			section = sections.get(header) ?? new Map();
			sections.set(header, section);
			key = undefined;
		} else if (section && name !== undefined && value !== undefined) {
			key = name.toLowerCase();
			section.set(key, value);
		} else if (section && key !== undefined && /^\s/.test(line)) {
			section.set(key, `${section.get(key)}\n${line.trim()}`);
		} else {
			throw new Failure(
				'invalid',
				`${path}: line ${index + 1} is neither [remote] nor key = value.`,
			);
		}
	}
	return [...sections]
		.filter(([name]) => name !== 'DEFAULT')
		.map(([name, values]) => ({
			name,
			remoteUrl: values.get('remote_url') || null,
			token: values.get('api_key') || values.get('oauth_access_token') || null,
		}));
};
