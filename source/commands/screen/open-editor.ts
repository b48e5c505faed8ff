import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import open from 'open';
import { Failure, messageOf } from '../../contract/failure.ts';
import {
	type Editor,
	type EditorTarget,
	editorCommand,
	editors,
	editorUri,
} from '../../monitor/editor.ts';
import { readConfig } from '../../ssh/config-block.ts';
import { findProgram } from '../../ssh/find-program.ts';
import { shellWord } from '../../ssh/quote.ts';
import { sshConfigPath } from '../setup.ts';
import { hasDisplay } from './open-in-browser.ts';

const run = promisify(execFile);

/**
 * Opens VS Code or Cursor inside a node: by its command, else by its link.
 * @param preferred The user's editor for sessions that take any.
 * @returns the command that does the same, for the user to see
 * @throws Failure that shows the exact command, where nothing can be opened, such as on a server;
 * `conflict` when plain ssh does not reach nodes yet.
 */
export const openEditor = async (
	target: EditorTarget,
	preferred: Editor | null,
	env: NodeJS.ProcessEnv,
): Promise<string> => {
	if (target.bySsh) await requireSshConfig(env);
	const folders = (env['PATH'] ?? '').split(delimiter);
	const candidates = target.editor ?? preferred;
	const wanted = candidates === null ? editors : [candidates];
	const editor = wanted.find((name) => findProgram(name, folders) !== undefined);
	const [program, ...args] = editorCommand(editor ?? wanted[0] ?? 'code', target);
	const line = [program, ...args].map(shellWord).join(' ');
	if (editor !== undefined) {
		try {
			await run(program, args, { env, timeout: 20_000 });
		} catch (error) {
			const { stderr = '' } = error as { stderr?: string };
			const reason = stderr.trim().split('\n').at(-1) || messageOf(error);
			throw new Failure('failed', `${line}: ${reason}`, { cause: error });
		}
		return line;
	}
	if (!hasDisplay(env)) {
		throw new Failure('failed', `No editor can be opened here. Run on your own machine: ${line}`);
	}
	const child = await open(editorUri(wanted[0] ?? 'code', target));
	// A link that nothing opens says so later.
	child.on('error', () => {});
	return line;
};

const requireSshConfig = async (env: NodeJS.ProcessEnv): Promise<void> => {
	const path = sshConfigPath(env);
	const { block, owner } = readConfig(await readFile(path, 'latin1').catch(() => ''), path);
	if (block === null && owner === null) {
		throw new Failure(
			'conflict',
			'Editors enter by plain ssh, which does not know the nodes yet: run signalbox setup once.',
		);
	}
};
