import { Failure } from '../../../contract/failure.ts';
import { shellWord } from '../../../ssh/quote.ts';

/** Names that some shells let nobody assign: one of them would end the whole script. */
const unassignable = /^(UID|EUID|PPID|SHELLOPTS|BASHOPTS|BASH_VERSINFO)$/;

/**
 * A shell script that sets an environment. Quotes and line breaks in values survive.
 * @throws Failure `invalid` for a name that a shell cannot hold.
 */
export const environmentScript = (environment: Readonly<Record<string, string>>): string =>
	Object.entries(environment)
		.filter(([name]) => !unassignable.test(name))
		.map(([name, value]) => {
			if (!/^[A-Za-z_]\w*$/.test(name) || value.includes('\0')) {
				throw new Failure(
					'invalid',
					`The environment variable "${name}" cannot be set in a shell.`,
				);
			}
			return `export ${name}=${shellWord(value)}\n`;
		})
		.join('');

/**
 * The script that sshd runs in place of every shell, command and subsystem: sshd itself offers no
 * way to start in another directory, nor values with line breaks. The interactive shell is no
 * login shell, because a system's profile would overwrite the job's PATH. An environment without a
 * HOME gets the working directory.
 */
export const enterScript = (environmentPath: string, workingDirectory: string): string => `\
HOME=${shellWord(workingDirectory)}
. ${shellWord(environmentPath)}
cd ${shellWord(workingDirectory)} || exit 1
[ -x "$SHELL" ] || SHELL=/bin/sh
[ -n "\${SSH_ORIGINAL_COMMAND+set}" ] || exec "$SHELL"
command=$SSH_ORIGINAL_COMMAND
unset SSH_ORIGINAL_COMMAND
exec "$SHELL" -c "$command"
`;
