import { Failure } from '../../contract/failure.ts';

/** API of Baseten itself. */
export const basetenApiUrl = 'https://api.baseten.co';

/** Where a host name's API prefix leads (truss, ssh proxy command). */
export const apiUrlOfPrefix = (prefix: string): string => `https://api.${prefix}.baseten.co`;

/**
 * The API that belongs to the address of a web page: `app.` becomes `api.` (truss and baseten-cli;
 * the latter for hosts of any name).
 * @throws Failure `invalid` for what is no http address.
 */
export const apiUrlOfRemote = (remoteUrl: string): string => {
	if (!/^https?:\/\//.test(remoteUrl) || !URL.canParse(remoteUrl)) {
		throw new Failure('invalid', `remote_url "${remoteUrl}" is no http address.`);
	}
	const { protocol, host } = new URL(remoteUrl);
	if (host === 'app.dev.baseten.co') return 'https://api.mc-dev.baseten.co';
	// A plane on this machine has no names below it.
	if (/^(127\.|\[::1\])/.test(host)) return `${protocol}//${host}`;
	return `${protocol}//api.${host.replace(/^app\./, '')}`;
};
