import open from 'open';
import { Failure } from '../../contract/failure.ts';

/**
 * Opens a page in the user's browser.
 * @throws Failure `invalid` for anything but https, `failed` where there is no browser to open,
 * such as on a server.
 */
export const openInBrowser = async (url: string, env: NodeJS.ProcessEnv): Promise<void> => {
	if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
		throw new Failure('invalid', `${url} is no https address: it is not opened.`);
	}
	if (!hasDisplay(env))
		throw new Failure('failed', `There is no browser here. Open ${url} yourself.`);
	const child = await open(url);
	// A browser that does not start says so later.
	child.on('error', () => {});
};

/** Whether there is a desktop: without one, xdg-open would start a text browser over the screen. */
export const hasDisplay = (env: NodeJS.ProcessEnv): boolean =>
	process.platform !== 'linux' ||
	[env['DISPLAY'], env['WAYLAND_DISPLAY'], env['WSL_DISTRO_NAME']].some(Boolean);
