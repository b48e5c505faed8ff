import { spawn } from 'node:child_process';

export type Outcome = {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
};

/** Runs a program to its end, with `input` on its standard input. */
export const run = (
	command: string,
	args: readonly string[],
	{ env, input = '' }: { readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Promise<Outcome> =>
	new Promise((resolve, reject) => {
		const child = spawn(command, args, { env: env ?? process.env });
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			stdout += text;
		});
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			stderr += text;
		});
		child.stdin.on('error', () => {});
		child.stdin.end(input);
		child.once('error', reject);
		child.once('close', (code) => resolve({ code, stdout, stderr }));
	});
