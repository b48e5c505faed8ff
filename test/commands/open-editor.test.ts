import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEditor } from '../../source/commands/screen/open-editor.ts';
import type { EditorTarget } from '../../source/monitor/editor.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const tunnel: EditorTarget = {
	remote: 'tunnel+bt-session-7xk2p9-0',
	path: '/b10/my work',
	editor: 'code',
	bySsh: false,
};
const ssh: EditorTarget = {
	remote: 'ssh-remote+training-job-7xk2p9-0.ssh.baseten.co',
	path: '/work',
	editor: null,
	bySsh: true,
};

/** A user whose PATH has programs that note how they were called, or fail. */
const openDesk = (editors: Record<string, number> = {}) => {
	const home = temporaryDirectory();
	for (const [name, code] of Object.entries(editors)) {
		const script = `#!/bin/sh\nprintf '%s\\n' ${name} "$@" >${home}/called\n[ ${code} = 0 ] || { echo "it will not" >&2; exit ${code}; }\n`;
		writeFileSync(join(home, name), script, { mode: 0o755 });
	}
	const env = { HOME: home, PATH: home };
	return {
		open: (target: EditorTarget, preferred: 'code' | 'cursor' | null = null) =>
			openEditor(target, preferred, env),
		called: () => readFileSync(join(home, 'called'), 'utf8').trim().split('\n'),
		setUp: () => {
			mkdirSync(join(home, '.ssh'));
			writeFileSync(
				join(home, '.ssh', 'config'),
				'# --- baseten-ssh ---\nHost training-job-*.ssh.baseten.co\n',
			);
		},
	};
};

test("the tunnel's editor is started on the tunnel", async () => {
	const desk = openDesk({ code: 0, cursor: 0 });
	const line = await desk.open(tunnel, 'cursor');
	expect(line).toBe("code --remote tunnel+bt-session-7xk2p9-0 '/b10/my work'");
	expect(desk.called()).toEqual(['code', '--remote', 'tunnel+bt-session-7xk2p9-0', '/b10/my work']);
});

test('ssh takes the editor of the configuration, else the one that is there', async () => {
	const desk = openDesk({ code: 0, cursor: 0 });
	desk.setUp();
	await desk.open(ssh, 'cursor');
	expect(desk.called()[0]).toBe('cursor');
	const other = openDesk({ cursor: 0 });
	other.setUp();
	await other.open(ssh);
	expect(other.called()[0]).toBe('cursor');
});

test('editors enter by plain ssh, which has to be set up', async () => {
	await expect(openDesk({ code: 0 }).open(ssh)).rejects.toThrow('run signalbox setup once');
});

test('what the editor says of a failure is told with the command', async () => {
	await expect(openDesk({ code: 3 }).open(tunnel)).rejects.toThrow(
		"code --remote tunnel+bt-session-7xk2p9-0 '/b10/my work': it will not",
	);
});

test.runIf(process.platform === 'linux')('on a server the exact command is shown', async () => {
	await expect(openDesk().open(tunnel)).rejects.toThrow(
		"Run on your own machine: code --remote tunnel+bt-session-7xk2p9-0 '/b10/my work'",
	);
});
