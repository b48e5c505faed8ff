/** Quotes a word for a POSIX shell; fish reads it alike. */
export const shellWord = (word: string): string =>
	/^[A-Za-z0-9_\-./:=@,+]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Doubles the percent signs of a value in which OpenSSH expands `%` tokens. */
export const withoutTokens = (value: string): string => value.replaceAll('%', '%%');

/** Quotes an argument for ssh_config and sshd_config, which split lines at blanks. */
export const configWord = (word: string): string =>
	`"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
