import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { NodeDirectory } from './node-directory.ts';
import { markedProcesses, signalProcess } from './process-table.ts';

/** Ms between two looks at a process that an earlier run of the plane has started. */
const adoptedPollMs = 250;

const files = (directory: NodeDirectory) => ({
	commands: join(directory.run, 'commands.sh'),
	runner: join(directory.run, 'runner.sh'),
	pid: join(directory.run, 'pid'),
	output: join(directory.run, 'output.log'),
	exit: join(directory.run, 'exit'),
});

export const outputPath = (directory: NodeDirectory): string => files(directory).output;

/**
 * The runner outlives the plane: it notes its id and, when the commands are done, their exit code.
 * Its empty traps keep it alive for that note when the whole group is told to stop, while its
 * children get the signals as usual.
 */
const runner = `trap : TERM INT HUP
cd "$BT_WORKING_DIR" || exit 1
run=$1
echo $$ >"$run/pid.new" && mv "$run/pid.new" "$run/pid"
sh "$run/commands.sh"
echo $? >"$run/exit.new" && mv "$run/exit.new" "$run/exit"
`;

/**
 * Stands before the commands. The trap lets the shell wait for the command that it runs, which has
 * got the same signal and may be writing a checkpoint; without it the shell would be gone first.
 */
const preamble = `set -e
trap 'exit 143' TERM
`;

/** The start_commands of one node as a process group of this machine. */
export class NodeProcess {
	readonly pid: number;
	/** The commands' exit code; 128 + n after signal n; null when it vanished without a trace. */
	readonly exited: Promise<number | null>;

	private constructor(pid: number, exited: Promise<number | null>) {
		this.pid = pid;
		this.exited = exited;
	}

	/**
	 * Starts the commands in a process group of their own, one after the other until one fails.
	 * @throws when the shell cannot be started or a file cannot be written.
	 */
	static async start(
		directory: NodeDirectory,
		commands: readonly string[],
		environment: Record<string, string>,
	): Promise<NodeProcess> {
		const paths = files(directory);
		writeFileSync(paths.commands, `${preamble}${commands.join('\n')}\n`, { mode: 0o600 });
		writeFileSync(paths.runner, runner, { mode: 0o600 });
		const output = openSync(paths.output, 'a', 0o600);
		try {
			const child = spawn('/bin/sh', [paths.runner, directory.run], {
				cwd: directory.work,
				env: environment,
				detached: true,
				stdio: ['ignore', output, output],
			});
			const exited = exitOf(child, directory);
			const pid = await pidOf(child);
			child.unref();
			return new NodeProcess(pid, exited);
		} finally {
			closeSync(output);
		}
	}

	/**
	 * Finds the process that an earlier run of the plane has started: still running, or ended with
	 * its code noted. Undefined when the commands were never started.
	 */
	static async adopt(directory: NodeDirectory, marker: string): Promise<NodeProcess | undefined> {
		const paths = files(directory);
		if (!existsSync(paths.pid)) return undefined;
		const pid = Number(readFileSync(paths.pid, 'utf8'));
		// The marker tells our process from a later one that was given the same id.
		const alive = (await markedProcesses(marker)).includes(pid);
		const exited = alive ? goneOf(pid, directory) : Promise.resolve(notedCode(directory));
		return new NodeProcess(pid, exited);
	}

	/** Signals the commands and all that they started in their group. */
	signal(signal: NodeJS.Signals): boolean {
		return signalProcess(-this.pid, signal);
	}
}

const pidOf = (child: ChildProcess): Promise<number> =>
	new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('spawn', () => (child.pid === undefined ? undefined : resolve(child.pid)));
	});

const exitOf = (child: ChildProcess, directory: NodeDirectory): Promise<number | null> =>
	new Promise((resolve) => {
		child.once('exit', (code, signal) => {
			const own = signal === null ? code : 128 + constants.signals[signal];
			resolve(notedCode(directory) ?? own);
		});
	});

const goneOf = (pid: number, directory: NodeDirectory): Promise<number | null> =>
	new Promise((resolve) => {
		const look = setInterval(() => {
			if (signalProcess(pid, 0)) return;
			clearInterval(look);
			resolve(notedCode(directory));
		}, adoptedPollMs);
		look.unref();
	});

const notedCode = (directory: NodeDirectory): number | null => {
	const path = files(directory).exit;
	return existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) : null;
};
