import { expect, test } from 'vitest';
import { editorCommand, editorTargetOf, editorUri } from '../../source/monitor/editor.ts';
import { sessionRows } from '../../source/monitor/session-rows.ts';
import { initialState } from '../../source/monitor/state.ts';
import { apply, isoIn, now, session, snapshot } from './fixtures.ts';

const tunnel = (fields: Parameters<typeof session>[1] = {}) =>
	session(0, {
		provider: 'vs_code',
		ssh_host: null,
		tunnel_name: 'bt-session-7xk2p9-0',
		working_directory: '/b10/my work',
		...fields,
	});

test('a tunnel is opened by its own editor', () => {
	const target = editorTargetOf(tunnel({ authenticated_at: isoIn(0) }));
	if (target === null) throw new Error('no target');
	expect(target).toMatchObject({ editor: 'code', bySsh: false });
	expect(editorCommand('code', target)).toEqual([
		'code',
		'--remote',
		'tunnel+bt-session-7xk2p9-0',
		'/b10/my work',
	]);
	expect(editorUri('code', target)).toBe(
		'vscode://vscode-remote/tunnel+bt-session-7xk2p9-0/b10/my%20work',
	);
	expect(editorTargetOf(tunnel({ provider: 'cursor' }))?.editor).toBe('cursor');
});

test('a tunnel that waits for its login can not be opened yet', () => {
	expect(editorTargetOf(tunnel({ state: 'waiting' }))).toBeNull();
	expect(editorTargetOf(tunnel({ state: 'waiting', authenticated_at: isoIn(0) }))).not.toBeNull();
	expect(editorTargetOf(tunnel({ tunnel_name: null }))).toBeNull();
});

test('a session by ssh takes any editor', () => {
	const host = 'training-job-7xk2p9-1.local.ssh.baseten.co';
	const target = editorTargetOf(session(1, { ssh_host: host, working_directory: null }));
	if (target === null) throw new Error('no target');
	expect(target).toEqual({ remote: `ssh-remote+${host}`, path: '/', editor: null, bySsh: true });
	expect(editorUri('cursor', target)).toBe(`cursor://vscode-remote/ssh-remote+${host}/`);
});

test('the table shows code, page and age, and the tunnel once someone has logged in', () => {
	const connectOf = (fields: Parameters<typeof session>[1]): string | undefined => {
		const state = apply(initialState({ job: '7xk2p9', columns: 100, rows: 24 }), {
			type: 'snapshot',
			snapshot: snapshot([tunnel(fields)]),
			at: now,
		});
		return sessionRows(state, now)[0]?.connect;
	};
	const code = { auth_code: 'C98F-F1F6', auth_url: 'https://github.com/login/device' };
	expect(connectOf({ ...code, generated_at: isoIn(-150_000) })).toBe(
		'C98F-F1F6 (2m 30s) github.com/login/device',
	);
	expect(connectOf({ ...code, generated_at: null })).toBe('C98F-F1F6 github.com/login/device');
	expect(connectOf({ ...code, provider: null })).toBe('C98F-F1F6 github.com/login/device');
	expect(connectOf({ state: 'waiting', reason: 'no program' })).toBe('no program');
	expect(connectOf({ authenticated_at: isoIn(0), reason: 'someone logged in' })).toBe(
		'tunnel bt-session-7xk2p9-0',
	);
});
