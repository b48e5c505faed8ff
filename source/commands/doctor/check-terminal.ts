import { delimiter } from 'node:path';
import { findProgram } from '../../ssh/find-program.ts';
import { runTool } from '../../ssh/open-ssh.ts';
import { hasColours } from '../../ui/render-app.tsx';
import type { CommandEdges } from '../edges.ts';
import { clipboardProgram } from '../screen/clipboard.ts';
import { type Check, ok, warn } from './check.ts';

const comfortable = { columns: 80, rows: 24 };

/** What the terminal can do for the screen. */
export const checkTerminal = async ({
	stdin,
	stdout,
	env,
}: Pick<CommandEdges, 'stdin' | 'stdout' | 'env'>): Promise<Check[]> => {
	if (!stdin.isTTY || !stdout.isTTY) return [ok('terminal', 'none here: the screen needs one')];
	return [
		checkSize(stdout),
		checkColours(stdout, env),
		checkCharacters(env),
		await checkClipboard(env),
		checkLinks(env),
		checkWindows(env),
	];
};

const checkSize = ({ columns, rows }: NodeJS.WriteStream): Check =>
	columns >= comfortable.columns && rows >= comfortable.rows
		? ok('size', `${columns}x${rows}`)
		: warn(
				'size',
				`${columns}x${rows}: columns of the table are left out`,
				'make it 80x24 or more',
			);

const checkColours = (stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Check => {
	if (env['NO_COLOR']) return ok('colours', 'off by NO_COLOR');
	return hasColours(stdout)
		? ok('colours', `${2 ** stdout.getColorDepth()}`)
		: warn('colours', `TERM=${env['TERM'] ?? ''} has none`, 'export TERM=xterm-256color');
};

const checkCharacters = (env: NodeJS.ProcessEnv): Check => {
	const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
	return /utf-?8/i.test(locale) || process.platform === 'darwin'
		? ok('characters', locale || 'UTF-8')
		: warn('characters', `the locale "${locale}" is not UTF-8`, 'export LANG=C.UTF-8');
};

/** OSC 52 answers nothing; what is known of terminals by their names has to do. */
const checkClipboard = async (env: NodeJS.ProcessEnv): Promise<Check> => {
	const name = 'clipboard';
	const [program] = clipboardProgram(env, process.platform) ?? [];
	if (program && findProgram(program, (env['PATH'] ?? '').split(delimiter))) {
		return ok(name, `OSC 52 and ${program}`);
	}
	if (env['TMUX']) {
		const { stdout } = await runTool('tmux', ['show', '-gv', 'set-clipboard'], env).catch(() => ({
			stdout: '',
		}));
		return stdout.trim() === 'off'
			? warn(name, 'tmux keeps OSC 52 to itself', 'tmux set -g set-clipboard on')
			: ok(name, 'OSC 52 through tmux');
	}
	return env['TERM_PROGRAM'] === 'Apple_Terminal'
		? warn(name, 'this terminal knows no OSC 52', 'use another one, or select text by the mouse')
		: ok(name, 'OSC 52, if the terminal allows it');
};

const knownForLinks = /^(iTerm\.app|WezTerm|vscode|ghostty|Hyper|kitty)$/;

const checkLinks = (env: NodeJS.ProcessEnv): Check => {
	const isKnown =
		knownForLinks.test(env['TERM_PROGRAM'] ?? '') ||
		['KITTY_WINDOW_ID', 'VTE_VERSION', 'WT_SESSION', 'KONSOLE_VERSION'].some((key) => env[key]);
	return ok('links', isKnown ? 'OSC 8' : 'OSC 8 unknown; addresses are shown in full');
};

const checkWindows = (env: NodeJS.ProcessEnv): Check => {
	const around = env['TMUX'] ? 'tmux' : env['ZELLIJ'] ? 'zellij' : null;
	return ok(
		'windows',
		around === null ? 'no tmux or zellij around: S is off' : `S opens ${around}`,
	);
};
