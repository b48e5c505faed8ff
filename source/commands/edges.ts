/** What commands take from the process; a test gives its own. */
export type CommandEdges = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly stderr: NodeJS.WriteStream;
	readonly env: NodeJS.ProcessEnv;
	readonly cwd: string;
	/** Epoch ms. */
	readonly now: () => number;
};
