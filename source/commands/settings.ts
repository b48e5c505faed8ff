import { resolve } from 'node:path';
import { Failure } from '../contract/failure.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import { parseMinutes } from '../monitor/minutes.ts';
import type { Connection, ConnectionFlags } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import type { Flags } from './flags.ts';
import { defaultDataDirectory } from './server-file.ts';

export const connectionFlagsOf = (
	{ url, tokenFile, remote, dataDir }: Flags,
	{ env, cwd }: CommandEdges,
): ConnectionFlags => ({
	url,
	remote,
	tokenFile: tokenFile === undefined ? undefined : resolve(cwd, tokenFile),
	dataDirectory: dataDirectoryOf(dataDir, { env, cwd }),
});

export const dataDirectoryOf = (
	flag: string | undefined,
	{ env, cwd }: Pick<CommandEdges, 'env' | 'cwd'>,
): string => resolve(cwd, flag ?? defaultDataDirectory(env));

/** @throws Failure `usage` */
export const nodeOf = (flag: string | undefined): number | undefined => {
	if (flag === undefined) return undefined;
	if (/^\d{1,4}$/.test(flag)) return Number(flag);
	throw new Failure('usage', `--node: "${flag}" is no rank of a node. Give a number from 0.`);
};

/** @throws Failure `usage` */
export const minutesOf = (flag: string | undefined): number => {
	if (flag === undefined) {
		throw new Failure('usage', 'signalbox extend needs the minutes to add: --minutes 60.');
	}
	const parsed = parseMinutes(flag);
	if ('minutes' in parsed) return parsed.minutes;
	throw new Failure('usage', `--minutes ${flag}: ${parsed.error}.`);
};

/** A count such as `--lines 20`. @throws Failure `usage` */
export const countOf = (
	name: string,
	flag: string | undefined,
	most: number,
): number | undefined => {
	if (flag === undefined) return undefined;
	if (/^\d{1,9}$/.test(flag) && Number(flag) <= most) return Number(flag);
	throw new Failure('usage', `${name}: "${flag}" is not a whole number from 0 to ${most}.`);
};

/**
 * The job of that id.
 * @throws Failure `not_found`, with the nearest known id when one was mistyped.
 */
export const findJob = async ({ api }: Connection, id: string): Promise<TrainingJob> => {
	try {
		return await api.findJob(id);
	} catch (error) {
		if (!(error instanceof Failure) || error.kind !== 'not_found') throw error;
		const { closestMatch } = await import('leven');
		const ids = (await api.listJobs()).map((job) => job.id);
		const near = closestMatch(id, ids, { maxDistance: 2 });
		const hint = near === undefined ? 'See signalbox jobs.' : `Did you mean ${near}?`;
		throw new Failure('not_found', `There is no job ${id}. ${hint}`, { cause: error });
	}
};
