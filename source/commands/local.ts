import { hasEnded } from '../contract/status.ts';
import type { CommandInput } from './command.ts';
import type { CommandEdges } from './edges.ts';
import { listenOf } from './listen.ts';
import { type LocalHost, openLocalHost } from './local-host.ts';
import { countOf, dataDirectoryOf } from './settings.ts';
import { untilSignal } from './signals.ts';

/**
 * `signalbox local`: runs jobs of this machine until SIGINT, SIGTERM or SIGHUP. Jobs outlive it.
 * @throws Failure as `openLocalHost` does, `usage` for a port that is none.
 */
export const local = async ({ flags }: CommandInput, edges: CommandEdges): Promise<number> => {
	const { stdout, stderr, now } = edges;
	const dataDirectory = dataDirectoryOf(flags.dataDir, edges);
	const port = countOf('--port', flags.port, 65_535);
	const listen = await listenOf(flags, edges);
	const stopped = untilSignal(['SIGINT', 'SIGTERM', 'SIGHUP']);
	const host = await openLocalHost({
		dataDirectory,
		listen,
		now,
		log: (line) => stderr.write(`${line}\n`),
		...(port === undefined ? {} : { port }),
	});
	stdout.write(flags.json ? `${JSON.stringify(machineWords(host))}\n` : words(host, dataDirectory));
	await stopped;
	const running = host.store.jobs
		.search({})
		.filter(({ current_status: status }) => !hasEnded(status)).length;
	await host.close();
	if (running > 0) {
		const jobs = running === 1 ? '1 job goes' : `${running} jobs go`;
		stderr.write(`${jobs} on without supervision: signalbox local takes over again.\n`);
	}
	return 0;
};

/** The first line of `--json`: scripts depend on it. */
const machineWords = ({ url, tokenFile, sshProxy }: LocalHost) => ({
	url,
	token_file: tokenFile,
	ssh_proxy: sshProxy,
});

const words = ({ url, tokenFile, sshProxy, sshRefusal }: LocalHost, data: string): string =>
	[
		'The local plane runs.',
		`  url         ${url}`,
		`  token file  ${tokenFile}`,
		`  ssh proxy   ${sshProxy ?? `none: ${sshRefusal}`}`,
		`  data        ${data}`,
		'Push a job with `signalbox push job.yaml`, watch it with `signalbox`.',
		'Ctrl-C stops the plane; its jobs go on.',
		'',
	].join('\n');
