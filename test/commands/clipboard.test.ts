import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clipboardProgram, copyByProgram } from '../../source/commands/screen/clipboard.ts';
import { until } from '../faults/until.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

test.each([
	[{}, 'darwin', ['pbcopy']],
	[{ WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, 'linux', ['wl-copy']],
	[{ DISPLAY: ':0' }, 'linux', ['xclip', '-selection', 'clipboard']],
	[{ DISPLAY: ':0', SSH_CONNECTION: '1 2 3 4' }, 'linux', null],
	[{}, 'linux', null],
] as const)('%j on %s: %j', (env, platform, program) => {
	expect(clipboardProgram(env, platform)).toEqual(program);
});

test.runIf(process.platform === 'linux')('the text reaches the program', async () => {
	const folder = temporaryDirectory();
	const program = join(folder, 'xclip');
	writeFileSync(
		program,
		`#!/bin/sh\n/bin/cat >${folder}/copied.new; /bin/mv ${folder}/copied.new ${folder}/copied\n`,
	);
	chmodSync(program, 0o755);
	const env = { PATH: folder, DISPLAY: ':0' };
	copyByProgram('AB12-CD34', env);
	await until(() => existsSync(join(folder, 'copied')));
	expect(readFileSync(join(folder, 'copied'), 'utf8')).toBe('AB12-CD34');
	// Nothing happens where it is missing.
	copyByProgram('text', { ...env, PATH: '/nonexistent' });
});
