import { hasEnded } from '../contract/status.ts';
import type { CommandEdges } from './edges.ts';
import { type LocalHost, openLocalHost } from './local-host.ts';
import { untilSignal } from './signals.ts';

export type LocalFlags = {
	/** Any free port unless told. */
	readonly port?: number | undefined;
	readonly dataDirectory: string;
	readonly json: boolean;
};

/**
 * `signalbox local`: runs jobs of this machine until SIGINT or SIGTERM. Jobs outlive it.
 * @throws Failure as `openLocalHost` does.
 */
export const runLocal = async (
	{ port, dataDirectory, json }: LocalFlags,
	{ stdout, stderr, now }: CommandEdges,
): Promise<number> => {
	const stopped = untilSignal(['SIGINT', 'SIGTERM', 'SIGHUP']);
	const host = await openLocalHost({
		dataDirectory,
		now,
		log: (line) => stderr.write(`${line}\n`),
		...(port === undefined ? {} : { port }),
	});
	stdout.write(json ? `${JSON.stringify(machineWords(host))}\n` : words(host, dataDirectory));
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
