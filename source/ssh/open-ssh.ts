import { execFile } from 'node:child_process';
import { Failure } from '../contract/failure.ts';

export type ToolResult = {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
};

const toolTimeoutMs = 15_000;

/** The Failure for a program of OpenSSH that is not on PATH. */
export const missingTool = (tool: string, cause?: unknown): Failure =>
	new Failure(
		'failed',
		`${tool} is not installed. Install OpenSSH (Debian and Ubuntu: apt install openssh-client; Fedora: dnf install openssh-clients; Alpine: apk add openssh-client).`,
		{ cause },
	);

/**
 * Runs a small program of OpenSSH, such as ssh-keygen, without standard input.
 * @returns its exit code and output, whatever the code is
 * @throws Failure `failed` when it is missing or does not end within 15 s.
 */
export const runTool = (
	tool: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv = process.env,
): Promise<ToolResult> =>
	new Promise((resolve, reject) => {
		const child = execFile(
			tool,
			[...args],
			{ env, timeout: toolTimeoutMs, killSignal: 'SIGKILL' },
			(error, stdout, stderr) => {
				if (error === null) resolve({ code: 0, stdout, stderr });
				else if (error.code === 'ENOENT') reject(missingTool(tool, error));
				else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
				else
					reject(new Failure('failed', `${tool} was stopped (${error.signal}).`, { cause: error }));
			},
		);
		child.stdin?.end();
	});

/**
 * Runs ssh-keygen and expects success.
 * @returns what it printed
 * @throws Failure `failed` with the last line of its complaint.
 */
export const sshKeygen = async (...args: readonly string[]): Promise<string> => {
	const { code, stdout, stderr } = await runTool('ssh-keygen', args);
	if (code === 0) return stdout;
	const complaint = stderr.trim().split(/\r?\n/).at(-1) || `exit code ${code}`;
	throw new Failure('failed', `ssh-keygen failed: ${complaint}`);
};
