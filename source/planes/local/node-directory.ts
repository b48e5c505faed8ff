import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the files of one node live: what a container's file system is to a cluster. */
export type NodeDirectory = {
	readonly root: string;
	/** `$BT_WORKING_DIR`: the commands and every shell start here. Gone when the container ends. */
	readonly work: string;
	/** `$BT_CHECKPOINT_DIR`: the only part that outlives the container. */
	readonly checkpoints: string;
	/** `$HOME` of everything in the node, so that no job reads the user's own keys by accident. */
	readonly home: string;
	/** The plane's own notes: the commands, their process id, output and exit code. */
	readonly run: string;
	/** Configuration and host key of the node's sshd. */
	readonly ssh: string;
};

export const jobDirectory = (dataDirectory: string, jobId: string): string =>
	join(dataDirectory, 'jobs', jobId);

export const nodeDirectory = (
	dataDirectory: string,
	jobId: string,
	rank: number,
): NodeDirectory => {
	const root = join(jobDirectory(dataDirectory, jobId), `node-${rank}`);
	return {
		root,
		work: join(root, 'work'),
		checkpoints: join(root, 'checkpoints'),
		home: join(root, 'home'),
		run: join(root, 'run'),
		ssh: join(root, 'ssh'),
	};
};

/** Creates all folders of a node, readable by the owner alone. */
export const createNodeDirectory = (directory: NodeDirectory): void => {
	for (const path of Object.values(directory)) mkdirSync(path, { recursive: true, mode: 0o700 });
};
