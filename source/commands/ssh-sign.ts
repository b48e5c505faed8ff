import { messageOf } from '../contract/failure.ts';
import { writeRefusal } from '../ssh/credentials.ts';
import { parseSshHost } from '../ssh/hostname.ts';
import { defaultKeyDirectory } from '../ssh/key-pair.ts';
import type { CommandInput } from './command.ts';
import type { CommandEdges } from './edges.ts';
import { dataDirectoryOf } from './settings.ts';
import { renewCredentials } from './ssh-credentials.ts';

/**
 * `signalbox ssh-sign HOST`: what ssh runs before it connects, by the block of `signalbox setup`.
 * After a failure nothing is left that the ProxyCommand could use.
 */
export const sshSign = async (
	{ words: [name = ''] }: CommandInput,
	edges: CommandEdges,
): Promise<number> => {
	const { env } = edges;
	const host = parseSshHost(name);
	try {
		await renewCredentials(host, { env, dataDirectory: dataDirectoryOf(undefined, edges) });
		return 0;
	} catch (error) {
		await writeRefusal(defaultKeyDirectory(env), host, messageOf(error));
		throw error;
	}
};
