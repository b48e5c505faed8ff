import { spawn } from 'node:child_process';
import { Failure } from '../../contract/failure.ts';
import { safeText } from '../../monitor/fit.ts';
import type { CommandEdges } from '../edges.ts';

/** Longest text, in bytes, that terminals take: xterm's limit, in base64, is 100 000 characters. */
const mostBytes = 74_994;

/** tmux hands a sequence on to the terminal around it when it is wrapped (tmux(1), DCS tmux;). */
const throughTmux = (sequence: string, env: NodeJS.ProcessEnv): string =>
	env['TMUX'] ? `\x1bPtmux;${sequence.replaceAll('\x1b', '\x1b\x1b')}\x1b\\` : sequence;

/**
 * Puts text into the clipboard of the user's terminal, over ssh too (OSC 52, xterm's ctlseqs). tmux
 * understands the sequence itself; it answers nothing, so nobody knows whether it worked.
 * @throws Failure `invalid` for a text that terminals would cut.
 */
export const copyToClipboard = (text: string, { stdout }: Pick<CommandEdges, 'stdout'>): void => {
	const bytes = Buffer.from(text);
	if (bytes.length > mostBytes) {
		throw new Failure('invalid', `That is ${bytes.length} bytes: terminals copy ${mostBytes}.`);
	}
	stdout.write(`\x1b]52;c;${bytes.toString('base64')}\x07`);
};

/** The clipboard program of this machine's desktop; null over ssh, where it would be the wrong one. */
export const clipboardProgram = (
	env: NodeJS.ProcessEnv,
	platform: NodeJS.Platform,
): readonly [string, ...string[]] | null => {
	if (env['SSH_CONNECTION']) return null;
	if (platform === 'darwin') return ['pbcopy'];
	if (env['WAYLAND_DISPLAY']) return ['wl-copy'];
	return env['DISPLAY'] ? ['xclip', '-selection', 'clipboard'] : null;
};

/**
 * Also hands a text to the desktop's own clipboard program: not every terminal knows OSC 52, and
 * none says so. Where the program is missing, the sequence was all that could be done.
 */
export const copyByProgram = (text: string, env: NodeJS.ProcessEnv): void => {
	const [program, ...args] = clipboardProgram(env, process.platform) ?? [];
	if (program === undefined) return;
	const child = spawn(program, args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
	child.on('error', () => {});
	child.stdin.on('error', () => {});
	child.stdin.end(text);
};

/** Rings the bell, and shows a notification where the terminal can (OSC 9). */
export const notifyUser = (
	text: string,
	{ stdout, env }: Pick<CommandEdges, 'stdout' | 'env'>,
): void => {
	stdout.write(`\x07${throughTmux(`\x1b]9;${safeText(text)}\x07`, env)}`);
};
