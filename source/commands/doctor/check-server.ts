import { statSync } from 'node:fs';
import { endpointOf } from '../../api/endpoint.ts';
import { findRemote, readTrussRc, trussRcPath } from '../../api/remotes/remote.ts';
import { Failure, messageOf } from '../../contract/failure.ts';
import type { CommandEdges } from '../edges.ts';
import { readServerFile, readToken } from '../server-file.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** Certificates and tokens live for minutes: a clock that is further off makes trouble. */
const toleratedSkewMs = 30_000;
const timeoutMs = 10_000;

type Target = { readonly name: string; readonly url: string; readonly token: string };

export type ServerQuestion = {
	/** A server named on the command line. */
	readonly url?: string | undefined;
	readonly tokenFile?: string | undefined;
	readonly dataDirectory: string;
	/** Section of `.trussrc`. */
	readonly remote?: string | undefined;
};

/** Credentials and the servers that they open. Shows where a token comes from, never the token. */
export const checkServers = async (
	question: ServerQuestion,
	{ env, now }: Pick<CommandEdges, 'env' | 'now'>,
): Promise<Check[]> => {
	const { url, tokenFile, dataDirectory, remote } = question;
	if (url !== undefined) {
		const token = tokenFile ? await readToken(tokenFile) : (env['BASETEN_API_KEY'] ?? '');
		return [await checkReachable({ name: 'server', url, token }, now)];
	}
	const running = readServerFile(dataDirectory);
	const local = running
		? await checkReachable(
				{ name: 'local plane', url: running.url, token: await readToken(running.token_file) },
				now,
			)
		: ok('local plane', 'none is running; the screen and signalbox local start one');
	return [local, ...checkTrussRcMode(env), ...(await checkRemote(remote, env, now))];
};

const checkTrussRcMode = (env: NodeJS.ProcessEnv): Check[] => {
	const path = trussRcPath(env);
	const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
	if ((mode & 0o044) === 0) return [];
	return [warn('.trussrc', `${path} can be read by others`, `chmod 600 ${path}`)];
};

const checkRemote = async (
	name: string | undefined,
	env: NodeJS.ProcessEnv,
	now: () => number,
): Promise<Check[]> => {
	try {
		const { url, token, source } = await findRemote({ remote: name }, env);
		const found = ok('credentials', `from ${source}`);
		return [found, await checkReachable({ name: 'Baseten', url, token }, now)];
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		const names = (await readTrussRc(trussRcPath(env)).catch(() => [])).map((each) => each.name);
		if (name === undefined && names.length === 0 && error.kind === 'unauthorized') {
			const text = 'none for Baseten; the local plane needs none';
			return [warn('credentials', text, 'truss login, or set BASETEN_API_KEY')];
		}
		return [fail('credentials', error.message, 'see signalbox setup --help')];
	}
};

const checkReachable = async ({ name, url, token }: Target, now: () => number): Promise<Check> => {
	try {
		const endpoint = endpointOf(url, token);
		const sent = now();
		const response = await fetch(`${endpoint.url}/v1/training_projects`, {
			headers: { authorization: endpoint.authorization },
			signal: AbortSignal.timeout(timeoutMs),
		});
		const received = now();
		await response.body?.cancel();
		if (response.status === 401 || response.status === 403) {
			return fail(name, `${url} refuses the token (${response.status})`, 'look for a newer one');
		}
		if (!response.ok) {
			return fail(name, `${url} answers ${response.status}`, 'try again later, or check the URL');
		}
		const trip = `${url} answers in ${Math.round(received - sent)} ms`;
		const skew = skewOf(response.headers.get('date'), (sent + received) / 2);
		if (skew === null) return ok(name, trip);
		const seconds = `${Math.round(Math.abs(skew) / 1000)} s`;
		return Math.abs(skew) <= toleratedSkewMs
			? ok(name, `${trip}, clocks agree`)
			: warn(
					name,
					`${trip}, but this clock is ${seconds} ${skew > 0 ? 'behind' : 'ahead'}`,
					'set the clock: timedatectl set-ntp true',
				);
	} catch (error) {
		if (error instanceof Failure) return fail(name, error.message, 'give a valid URL and token');
		const { cause } = error as { cause?: unknown };
		const reason = messageOf(cause ?? error);
		return fail(name, `${url} can not be reached: ${reason}`, 'check network, proxy and URL');
	}
};

/** Ms by which the server's clock is ahead; the header has whole seconds, cut off. */
const skewOf = (date: string | null, nowMs: number): number | null => {
	const at = date === null ? Number.NaN : Date.parse(date);
	return Number.isNaN(at) ? null : at + 500 - nowMs;
};
