import { lookup } from 'node:dns/promises';
import { delimiter } from 'node:path';
import { findProgram } from '../source/ssh/find-program.ts';

/** Where truss finds a server on this machine: nothing else of its addresses is local. */
export const trussPort = 8000;

/** A program of Baseten's that shows a job's log, if the machine has it. */
export type Rival = {
	readonly name: string;
	/** Its name on the PATH. */
	readonly program: string;
	/** Why it can not be measured against a server on `port`, null when it can. */
	readonly obstacle: (port: number) => Promise<string | null>;
	readonly words: (jobId: string) => readonly string[];
	/** Only variables can bring it to another server than Baseten's own. */
	readonly env: (server: { url: string; key: string }) => Readonly<Record<string, string>>;
};

export const rivals: readonly Rival[] = [
	{
		name: 'truss train logs --tail',
		program: 'truss',
		obstacle: async (port) => {
			if (port !== trussPort) return `port ${trussPort} is taken, and truss looks nowhere else`;
			const found = await lookup('api.localhost', { all: true }).catch(() => []);
			return found.some(({ address }) => address === '127.0.0.1')
				? null
				: 'api.localhost does not lead to 127.0.0.1';
		},
		words: (jobId) => ['train', 'logs', '--tail', '--job-id', jobId],
		env: ({ key }) => ({
			BASETEN_TRUSS_AUTH_REMOTE_URL: `http://localhost:${trussPort}`,
			BASETEN_TRUSS_AUTH_API_KEY: key,
			BASETEN_TRUSS_AUTH_KEYRING_DISABLED: '1',
		}),
	},
	{
		name: 'baseten train job logs --tail',
		program: 'baseten',
		obstacle: async () => null,
		words: (jobId) => ['train', 'job', 'logs', '--tail', '--job-id', jobId],
		env: ({ url, key }) => ({ BASETEN_MANAGEMENT_API_URL_OVERRIDE: url, BASETEN_API_KEY: key }),
	},
];

/** The rival's program, or why there is nothing to measure. */
export const findRival = async (
	{ program, obstacle }: Rival,
	port: number,
	path = process.env['PATH'] ?? '',
): Promise<{ readonly command: string } | { readonly missing: string }> => {
	const command = findProgram(program, path.split(delimiter));
	if (command === undefined) return { missing: 'not installed' };
	const reason = await obstacle(port);
	return reason === null ? { command } : { missing: reason };
};
