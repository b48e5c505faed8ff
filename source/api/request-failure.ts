import { Failure, type FailureKind, messageOf } from '../contract/failure.ts';
import { retryAfterMs } from './backoff.ts';

type Details = {
	/** HTTP status, null when no answer came. */
	readonly status: number | null;
	/** Whether a later attempt may succeed without anybody doing something. */
	readonly passing: boolean;
	/** Whether the server may have done what was asked, although it did not say so. */
	readonly mayHaveActed: boolean;
	/** How long the server asks to wait, in ms. */
	readonly retryAfter: number | null;
	readonly cause?: unknown;
};

/** A request that did not succeed, with what is needed to decide about another attempt. */
export class RequestFailure extends Failure {
	readonly status: number | null;
	readonly passing: boolean;
	readonly mayHaveActed: boolean;
	readonly retryAfter: number | null;

	constructor(kind: FailureKind, message: string, details: Details) {
		super(kind, message, { cause: details.cause });
		this.status = details.status;
		this.passing = details.passing;
		this.mayHaveActed = details.mayHaveActed;
		this.retryAfter = details.retryAfter;
	}
}

const codeOf = (error: unknown): string => {
	for (let at = error; at instanceof Error; at = at.cause) {
		if ('code' in at && typeof at.code === 'string') return at.code;
	}
	return '';
};

const innermost = (error: unknown): unknown =>
	error instanceof Error && error.cause !== undefined ? innermost(error.cause) : error;

/** Errors that leave no doubt that the request never reached a server. */
const unsent: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused. Is `signalbox local` running?',
	ENOTFOUND: 'there is no such host.',
	EAI_AGAIN: 'the name service does not answer.',
	EHOSTUNREACH: 'no route to the host.',
	ENETUNREACH: 'the network is unreachable.',
	UND_ERR_CONNECT_TIMEOUT: 'the host does not answer.',
	ETIMEDOUT: 'the host does not answer.',
};

const cut: Readonly<Record<string, string>> = {
	ECONNRESET: 'the connection was reset.',
	EPIPE: 'the connection was reset.',
	UND_ERR_SOCKET: 'the connection was closed before the answer.',
};

/** What `fetch` threw, as one line for people. `url`: the base URL of the server. */
export const failureOfNetwork = (error: unknown, url: string): RequestFailure => {
	const code = codeOf(error);
	const neverSent = unsent[code];
	const timedOut = error instanceof Error && error.name === 'TimeoutError';
	const reason =
		neverSent ?? cut[code] ?? (timedOut ? 'no answer in time.' : `${messageOf(innermost(error))}.`);
	return new RequestFailure('unreachable', `Cannot reach ${url}: ${reason}`, {
		status: null,
		passing: cut[code] !== undefined,
		mayHaveActed: neverSent === undefined,
		retryAfter: null,
		cause: error,
	});
};

/** Longest text of a server that is shown, in characters. */
const textLimit = 500;

/** What an error body says: the line for people, and the seconds that Baseten's 429 asks for. */
type ErrorBody = { readonly text: string | undefined; readonly retryAfter: string | null };

/**
 * Reads an error body. Servers of the training API have used the keys `error`, `detail` and
 * `message`, and a list, whose first entry counts.
 */
const readErrorBody = (body: string): ErrorBody => {
	let value: unknown;
	try {
		value = JSON.parse(body);
	} catch {
		return { text: undefined, retryAfter: null };
	}
	if (Array.isArray(value)) value = value[0];
	let retryAfter: string | null = null;
	if (typeof value === 'object' && value !== null) {
		const fields = new Map(Object.entries(value));
		const seconds = fields.get('retry_after');
		if (typeof seconds === 'number') retryAfter = String(Math.ceil(seconds));
		value = [fields.get('error'), fields.get('detail'), fields.get('message')].find(
			(text) => typeof text === 'string' && text !== '',
		);
	}
	const text =
		typeof value === 'string' && value.trim() !== ''
			? messageOf(value.trim()).slice(0, textLimit)
			: undefined;
	return { text, retryAfter };
};

const kindOf = (status: number): FailureKind => {
	if (status === 401 || status === 403) return 'unauthorized';
	if (status === 404) return 'not_found';
	if (status === 409) return 'conflict';
	if (status === 429 || (status >= 502 && status <= 504)) return 'unreachable';
	return status >= 400 && status < 500 ? 'invalid' : 'failed';
};

/** Reads the body of an answer that is no success. `url`: the base URL of the server. */
export const failureOfResponse = async (
	response: Response,
	url: string,
	now: number,
): Promise<RequestFailure> => {
	const { status } = response;
	const { text, retryAfter } = readErrorBody(await response.text().catch(() => ''));
	const kind = kindOf(status);
	const shown = text ?? `${url} answered ${status} ${response.statusText}`.trim();
	const message =
		status === 401 || (status === 403 && text === undefined)
			? `The server at ${url} refused the token. Set BASETEN_API_KEY or give --token-file.`
			: shown;
	return new RequestFailure(kind, message, {
		status,
		passing: status === 429 || status >= 500,
		mayHaveActed: status >= 500,
		retryAfter: retryAfterMs(response.headers.get('retry-after') ?? retryAfter, now),
	});
};
