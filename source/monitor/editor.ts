import type { NodeSession } from '../contract/session.ts';

export const editors = ['code', 'cursor'] as const;
/** VS Code or Cursor, by the name of its command. */
export type Editor = (typeof editors)[number];

/** Where an editor has to go to be inside a node. */
export type EditorTarget = {
	/** `tunnel+NAME` or `ssh-remote+HOST` (VS Code's remote authorities). */
	readonly remote: string;
	/** Absolute path of the folder to open. */
	readonly path: string;
	/** The tunnel's own editor; null for ssh, which takes any. */
	readonly editor: Editor | null;
	/** Whether it goes through the user's `~/.ssh/config`. */
	readonly bySsh: boolean;
};

/** Null when the session can not be entered by an editor yet. */
export const editorTargetOf = (session: NodeSession): EditorTarget | null => {
	const { ssh_host: host, tunnel_name: tunnel, provider, working_directory: folder } = session;
	const path = folder || '/';
	if (host) return { remote: `ssh-remote+${host}`, path, editor: null, bySsh: true };
	// Baseten's API does not tell a login: only a session that waits for it surely has had none.
	if (!tunnel || (session.state === 'waiting' && session.authenticated_at === null)) return null;
	const editor = provider === 'cursor' ? 'cursor' : 'code';
	return { remote: `tunnel+${tunnel}`, path, editor, bySsh: false };
};

/** Program and arguments, e.g. `code --remote tunnel+bt-session-7xk2p9c-0 /work`. */
export const editorCommand = (
	editor: Editor,
	{ remote, path }: EditorTarget,
): readonly [program: string, ...args: string[]] => [editor, '--remote', remote, path];

/** The link that the desktop hands to the editor, e.g. `vscode://vscode-remote/tunnel+NAME/work`. */
export const editorUri = (editor: Editor, { remote, path }: EditorTarget): string => {
	const [kind = '', name = ''] = remote.split(/\+(.*)/s);
	const scheme = editor === 'code' ? 'vscode' : editor;
	const segments = path.split('/').map(encodeURIComponent).join('/');
	return `${scheme}://vscode-remote/${kind}+${encodeURIComponent(name)}${segments}`;
};
