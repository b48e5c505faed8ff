import { readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure, messageOf } from '../contract/failure.ts';
import { writePrivateFile } from '../ssh/private-file.ts';

/** What a running local plane says of itself, so that other commands find it. */
const serverFileSchema = z.object({
	url: z.string(),
	/** Path of the file with the token. */
	token_file: z.string(),
	/** `host:port` of the SSH proxy, null when nodes can not be entered. */
	ssh_proxy: z.string().nullable(),
	/** Process id of the server. */
	pid: z.number().int(),
});
export type ServerFile = z.output<typeof serverFileSchema>;

const pathIn = (dataDirectory: string): string => join(dataDirectory, 'server.json');

/** Where signalbox keeps its jobs unless told: `$SIGNALBOX_DATA_DIR`, else the XDG data folder. */
export const defaultDataDirectory = (env: NodeJS.ProcessEnv): string => {
	const own = env['SIGNALBOX_DATA_DIR'];
	if (own) return own;
	const data = env['XDG_DATA_HOME'];
	return join(data || join(env['HOME'] ?? homedir(), '.local', 'share'), 'signalbox');
};

export const writeServerFile = (dataDirectory: string, content: ServerFile): Promise<void> =>
	writePrivateFile(pathIn(dataDirectory), `${JSON.stringify(content)}\n`);

export const removeServerFile = (dataDirectory: string): void =>
	rmSync(pathIn(dataDirectory), { force: true });

/** The local plane that serves a data directory now; undefined when none does. */
export const readServerFile = (dataDirectory: string): ServerFile | undefined => {
	try {
		const file = serverFileSchema.parse(JSON.parse(readFileSync(pathIn(dataDirectory), 'utf8')));
		// Signal 0 only asks whether the process exists: a killed one leaves its file behind.
		process.kill(file.pid, 0);
		return file;
	} catch {
		return undefined;
	}
};

/** @throws Failure `unauthorized` */
export const readToken = async (path: string): Promise<string> => {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		throw new Failure('unauthorized', `Cannot read the token file ${path}: ${messageOf(error)}.`, {
			cause: error,
		});
	}
};
