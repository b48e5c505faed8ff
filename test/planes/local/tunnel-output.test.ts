import { describe, expect, test } from 'vitest';
import {
	loggedInLine,
	parseTunnelLine,
	type TunnelEvent,
} from '../../../source/planes/local/tunnel/tunnel-output.ts';

/** Transcripts after what the program's public source prints (microsoft/vscode, cli/src). */
const transcripts: Record<string, readonly (readonly [line: string, event: TunnelEvent | null])[]> =
	{
		'a login at GitHub': [
			['*', null],
			['* Visual Studio Code Server', null],
			[
				'* the Visual Studio Code Server License Terms (https://aka.ms/vscode-server-license) and',
				null,
			],
			[
				'[2024-11-07 14:52:49] info Using GitHub for authentication, run `code tunnel user login --provider <provider>` option to change this.',
				null,
			],
			[
				'To grant access to the server, please log into https://github.com/login/device and use code C98F-F1F6',
				{ kind: 'code', code: 'C98F-F1F6', url: 'https://github.com/login/device' },
			],
		],
		'a login at Microsoft': [
			[
				'To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter the code ABCDEFGHI to authenticate.',
				{ kind: 'code', code: 'ABCDEFGHI', url: 'https://microsoft.com/devicelogin' },
			],
			[
				'To sign in, use a web browser to open the page https://login.microsoftonline.com/common/oauth2/deviceauth and enter the code B2C3D4E5F to authenticate.\r',
				{
					kind: 'code',
					code: 'B2C3D4E5F',
					url: 'https://login.microsoftonline.com/common/oauth2/deviceauth',
				},
			],
		],
		'an editor': [
			['not logged in', null],
			[loggedInLine, { kind: 'logged-in' }],
			['[2023-10-25 02:24:46] info Creating tunnel with the name: bt-session-7xk2p9c-0', null],
			[
				'Open this link in your browser https://vscode.dev/tunnel/bt-session-7xk2p9c-0/b10/workspace',
				{ kind: 'ready' },
			],
			[
				'[2023-10-25 02:24:47] info [tunnels::connections::relay_tunnel_host] Opened new client on channel 2',
				{ kind: 'client' },
			],
			['[2023-10-25 02:24:47] info [russh::server] wrote id', null],
			['[2023-10-25 02:24:48] info [rpc.0] Server started', null],
		],
		'the coloured banner of later versions': [
			[
				'  \x1b[32m\x1b[1m➜\x1b[0m  \x1b[1mTunnel:  \x1b[0m \x1b[36mbt-session-7xk2p9c-0\x1b[0m',
				null,
			],
			[
				'  \x1b[32m\x1b[1m➜\x1b[0m  \x1b[1mOpen:    \x1b[0m \x1b[36mhttps://vscode.dev/tunnel/bt-session-7xk2p9c-0/work\x1b[0m',
				{ kind: 'ready' },
			],
		],
		trouble: [
			[
				'[2024-11-07 14:52:49] error error creating tunnel: the tunnel name is taken',
				{ kind: 'error', text: 'error creating tunnel: the tunnel name is taken' },
			],
			['[2024-11-07 14:52:49] warn Error refreshing access token, will retry: timeout', null],
			['please log into http://insecure.example and use code AAAA-BBBB', null],
		],
	};

for (const [name, lines] of Object.entries(transcripts)) {
	describe(name, () => {
		test.each(lines)('%s', (line, event) => {
			expect(parseTunnelLine(line)).toEqual(event);
		});
	});
}
