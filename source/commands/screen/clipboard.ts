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

/** Rings the bell, and shows a notification where the terminal can (OSC 9). */
export const notifyUser = (
	text: string,
	{ stdout, env }: Pick<CommandEdges, 'stdout' | 'env'>,
): void => {
	stdout.write(`\x07${throughTmux(`\x1b]9;${safeText(text)}\x07`, env)}`);
};
