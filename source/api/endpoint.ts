import { Failure } from '../contract/failure.ts';

/** `Api-Key` is the older form, which Baseten's own clients use for the keys of `.trussrc`. */
export type AuthorizationScheme = 'Bearer' | 'Api-Key';

/** A server and the token that opens it. */
export type Endpoint = {
	/** Base URL without a slash at its end. */
	readonly url: string;
	readonly authorization: string;
};

/**
 * Checks both before the first request: an HTTP library that refuses a header quotes it in its
 * error, and the token must never be shown.
 * @throws Failure `usage` when the URL is not http(s), `unauthorized` when the token can not be
 * sent in a header.
 */
export const endpointOf = (
	url: string,
	token: string,
	scheme: AuthorizationScheme = 'Bearer',
): Endpoint => {
	if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
		throw new Failure('usage', `"${url}" is not an http or https URL.`);
	}
	const trimmed = token.trim();
	if (!/^[\x21-\x7e]+$/.test(trimmed)) {
		throw new Failure(
			'unauthorized',
			trimmed === ''
				? 'There is no token. Set BASETEN_API_KEY or give --token-file.'
				: 'The token holds spaces or characters that no token has. Look at BASETEN_API_KEY or --token-file.',
		);
	}
	return { url: url.replace(/\/+$/, ''), authorization: `${scheme} ${trimmed}` };
};
