import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Failure, messageOf } from '../../contract/failure.ts';
import type { SshLaunch } from '../../ssh/launch.ts';

const run = promisify(execFile);

/** Keeps the window when ssh failed, so that its last words can be read. */
const script = `"$@"; code=$?
if [ $code -eq 255 ]; then printf 'signalbox: ssh failed; press enter to close this window '; read -r _; fi
exit $code`;

/** Variables that ssh needs and a multiplexer's server may have differently, or not at all. */
const carried = ['SSH_AUTH_SOCK', 'SSH_ASKPASS', 'DISPLAY', 'PATH', 'HOME'];

/** Arguments with which the multiplexer around this process opens a window; null without one. */
export const windowCommand = (
	name: string,
	{ command, args, env }: SshLaunch,
): readonly [program: string, ...args: string[]] | null => {
	const variables = carried.flatMap((key) => (env[key] ? [`${key}=${env[key]}`] : []));
	const line = ['env', ...variables, 'sh', '-c', script, 'signalbox', command, ...args];
	if (env['TMUX']) return ['tmux', 'new-window', '-n', name, '--', ...line];
	if (env['ZELLIJ']) return ['zellij', 'run', '--close-on-exit', '--name', name, '--', ...line];
	return null;
};

/**
 * Runs a prepared ssh in a new window of tmux or pane of zellij.
 * @throws Failure `conflict` outside of both, `failed` with what the multiplexer says.
 */
export const openWindow = async (name: string, launch: SshLaunch): Promise<void> => {
	const words = windowCommand(name, launch);
	if (words === null) {
		throw new Failure(
			'conflict',
			'S needs tmux or zellij around signalbox; s opens ssh in place of the screen.',
		);
	}
	const [program, ...args] = words;
	try {
		await run(program, args, { env: launch.env, timeout: 10_000 });
	} catch (error) {
		const { stderr = '' } = error as { stderr?: string };
		const reason = stderr.trim().split('\n').at(-1) || messageOf(error);
		throw new Failure('failed', `${program} opened no window: ${reason}.`, { cause: error });
	}
};
