import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Failure } from '../../contract/failure.ts';
import { safeText } from '../../monitor/fit.ts';
import { runOnTerminal } from '../../ssh/launch.ts';
import { shellWord } from '../../ssh/quote.ts';
import type { Suspend } from '../../ui/commands.ts';
import type { ScreenContext } from './screen-commands.ts';

/** Programs that begin at a line when they are told `+LINE`. */
const startAtLine = new Set(['less', 'more', 'most', 'vi', 'vim', 'nvim', 'view', 'nano', 'emacs']);

const programOf = (kind: 'pager' | 'editor', env: NodeJS.ProcessEnv): string =>
	kind === 'pager' ? env['PAGER'] || 'less' : env['VISUAL'] || env['EDITOR'] || 'vi';

/**
 * Shows the log in another program, in place of the screen, until that ends. The log goes into a
 * private file, which is gone afterwards.
 * @param write Writes the lines into a file and tells how many they are.
 * @throws Failure when the log can not be had, or the program fails
 */
export const readInProgram = async (
	{ edges, end }: ScreenContext,
	kind: 'pager' | 'editor',
	suspend: Suspend,
	write: (file: string) => Promise<number>,
): Promise<void> => {
	const { env } = edges;
	const program = programOf(kind, env);
	const folder = await mkdtemp(join(tmpdir(), 'signalbox-log-'));
	try {
		const file = join(folder, 'job.log');
		const lines = await write(file);
		const name = basename(program.split(' ')[0] ?? '');
		const place = startAtLine.has(name) ? ` +${Math.max(1, lines)}` : '';
		// The variable may hold arguments: a shell reads it, as git and man have it.
		const script = `exec ${program}${place} ${shellWord(file)}`;
		let code: number | null = 0;
		await suspend(async () => {
			({ exitCode: code } = await runOnTerminal(
				{ command: 'sh', args: ['-c', script], env },
				end.signal,
			));
		});
		if (code !== 0) {
			throw new Failure('failed', `${safeText(program)} ended with exit code ${code ?? 'none'}.`);
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
