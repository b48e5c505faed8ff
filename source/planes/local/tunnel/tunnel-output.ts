import { stripVTControlCharacters } from 'node:util';

/** What a tunnel program tells by what it prints. */
export type TunnelEvent =
	/** Someone has to type this code at this page. */
	| { readonly kind: 'code'; readonly code: string; readonly url: string }
	| { readonly kind: 'logged-in' }
	/** The tunnel is open: editors can connect. */
	| { readonly kind: 'ready' }
	/** An editor has connected. */
	| { readonly kind: 'client' }
	| { readonly kind: 'error'; readonly text: string };

/** Printed by our own script between login and tunnel. */
export const loggedInLine = 'signalbox: logged in';

/**
 * GitHub: `To grant access to the server, please log into URL and use code C98F-F1F6`; Microsoft:
 * `To sign in, use a web browser to open the page URL and enter the code ABCDEFGHI to
 * authenticate.` (microsoft/vscode, cli/src/auth.rs; Microsoft identity platform, device code).
 */
const codePattern = /(https:\/\/\S+) and (?:use|enter the) code ([A-Z0-9]+(?:-[A-Z0-9]+)*)/;
/** `Open this link in your browser URL`; later versions: `➜  Open:    URL` (cli/src/tunnels). */
const readyPattern = /(?:Open this link in your browser|➜\s+Open:)\s+https:\/\/\S+\/tunnel\//;
/** `[…] info [tunnels::connections::relay_tunnel_host] Opened new client on channel 2` */
const clientPattern = /Opened new client on channel \d+/;
/** `[2024-11-07 14:52:49] error …` (cli/src/log.rs) */
const errorPattern = /^\[[\d :-]+\] error (.+)$/;

/** Reads a line of `code tunnel` or `cursor tunnel`; null for one that tells nothing. */
export const parseTunnelLine = (line: string): TunnelEvent | null => {
	const text = stripVTControlCharacters(line).trim();
	const [, url, code] = codePattern.exec(text) ?? [];
	if (url !== undefined && code !== undefined) return { kind: 'code', code, url };
	if (text === loggedInLine) return { kind: 'logged-in' };
	if (readyPattern.test(text)) return { kind: 'ready' };
	if (clientPattern.test(text)) return { kind: 'client' };
	const [, error] = errorPattern.exec(text) ?? [];
	return error === undefined ? null : { kind: 'error', text: error };
};
