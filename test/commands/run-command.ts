import { PassThrough } from 'node:stream';
import { main } from '../../source/commands/main.ts';

export type CommandOutcome = {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
};

/** Runs a command line in this process, without a terminal, and collects what it prints. */
export const runCommand = async (
	argv: readonly string[],
	env: NodeJS.ProcessEnv = {},
	now: () => number = Date.now,
): Promise<CommandOutcome> => {
	const collect = (): { stream: PassThrough; text: () => string } => {
		const stream = new PassThrough();
		const chunks: Buffer[] = [];
		stream.on('data', (chunk: Buffer) => chunks.push(chunk));
		return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
	};
	const stdout = collect();
	const stderr = collect();
	const code = await main(argv, {
		stdin: new PassThrough() as unknown as NodeJS.ReadStream,
		stdout: stdout.stream as unknown as NodeJS.WriteStream,
		stderr: stderr.stream as unknown as NodeJS.WriteStream,
		env,
		cwd: process.cwd(),
		now,
	});
	return { code, stdout: stdout.text(), stderr: stderr.text() };
};
