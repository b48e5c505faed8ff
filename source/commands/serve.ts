import { resolve } from 'node:path';
import { environmentRemote, findRemote } from '../api/remotes/remote.ts';
import { openBasetenHost, remoteDirectory } from './baseten-host.ts';
import type { CommandInput } from './command.ts';
import type { CommandEdges } from './edges.ts';
import { listenOf } from './listen.ts';
import { countOf, dataDirectoryOf } from './settings.ts';
import { untilSignal } from './signals.ts';
import { readViewers } from './viewers.ts';

/**
 * `signalbox serve`: a gateway to Baseten for a team, one mirror for each job that is watched,
 * however many watch, until SIGINT, SIGTERM or SIGHUP.
 * @throws Failure as `findRemote`, `readViewers`, `listenOf` and `openHost` do.
 */
export const serve = async ({ flags }: CommandInput, edges: CommandEdges): Promise<number> => {
	const { env, stdout, stderr, now, cwd } = edges;
	const name = flags.remote === 'env' ? environmentRemote : flags.remote;
	const remote = await findRemote({ remote: name }, env);
	const port = countOf('--port', flags.port, 65_535);
	const listen = await listenOf(flags, edges);
	const viewers = flags.viewers === undefined ? [] : await readViewers(resolve(cwd, flags.viewers));
	const stopped = untilSignal(['SIGINT', 'SIGTERM', 'SIGHUP']);
	const log = (line: string): void =>
		void stderr.write(`${new Date(now()).toISOString()} ${line}\n`);
	const host = await openBasetenHost(remote, {
		dataDirectory: remoteDirectory(dataDirectoryOf(flags.dataDir, edges), remote.name),
		listen,
		viewers,
		now,
		log,
		onAction: log,
		...(port === undefined ? {} : { port }),
	});
	const words = { url: host.url, token_file: host.tokenFile, remote: remote.name };
	stdout.write(
		flags.json
			? `${JSON.stringify(words)}\n`
			: [
					`The gateway to ${remote.url} runs, by ${remote.source}.`,
					`  url         ${host.url}`,
					`  token file  ${host.tokenFile}`,
					`  viewers     ${viewers.map((viewer) => `${viewer.name} (${viewer.access})`).join(', ') || 'only the token file'}`,
					`Watch a job with \`signalbox JOB --url ${host.url} --token-file FILE\`. Ctrl-C ends it.`,
					'',
				].join('\n'),
	);
	await stopped;
	await host.close();
	return 0;
};
