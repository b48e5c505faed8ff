import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeDirectory } from '../node-directory.ts';
import { OutputTail } from '../output-tail.ts';
import { markedProcesses, signalProcess } from '../process-table.ts';
import { loggedInLine, parseTunnelLine, type TunnelEvent } from './tunnel-output.ts';

const shortestPauseMs = 1_000;
const longestPauseMs = 60_000;

/**
 * The program keeps its login in the node's own home, so that no node acts with the login of
 * another one or of the user. `tunnel user show` fails without one.
 */
const script = `program=$1 name=$2 provider=$3
"$program" tunnel user show || "$program" tunnel user login --provider "$provider" || exit
echo "${loggedInLine}"
exec "$program" tunnel --accept-server-license-terms --name "$name"
`;

/** The user has no keychain in a node: the login lies in a file of the node's home. */
const keyringInFile = {
	VSCODE_CLI_USE_FILE_KEYRING: '1',
	VSCODE_CLI_DISABLE_KEYCHAIN_ENCRYPT: '1',
};

export type TunnelOptions = {
	readonly directory: NodeDirectory;
	/** Path of `code` or `cursor`. */
	readonly program: string;
	/** `bt-session-<job>-<rank>` */
	readonly name: string;
	/** `github` or `microsoft` */
	readonly authProvider: string;
	/** What the node's processes carry in their environment. */
	readonly marker: string;
	readonly environment: () => Record<string, string>;
	/** Epoch ms. */
	readonly now: () => number;
	readonly onEvent: (event: TunnelEvent) => void;
	/** Gets what went wrong where nobody waits for it. */
	readonly onFault: (error: unknown) => void;
};

/**
 * The program that opens a tunnel into a node: started, watched by what it prints, and started
 * again when it dies. It outlives the plane, as everything in a node does: a restart of the plane
 * cuts no editor off.
 */
export class Tunnel {
	readonly #options: TunnelOptions;
	readonly #paths: { readonly pid: string; readonly output: string };
	#tail: OutputTail | undefined;
	#pid: number | undefined;
	#starting = false;
	#pauseMs = shortestPauseMs;
	#nextStartAt = 0;
	#closed = false;

	constructor(options: TunnelOptions) {
		this.#options = options;
		const { run } = options.directory;
		this.#paths = { pid: join(run, 'tunnel.pid'), output: join(run, 'tunnel.log') };
	}

	/** Starts the program. @throws when it can not be started. */
	async start(): Promise<void> {
		const { directory, program, name, authProvider, environment } = this.#options;
		await this.#tail?.close();
		const output = openSync(this.#paths.output, 'w', 0o600);
		try {
			const child = spawn('/bin/sh', ['-c', script, 'tunnel', program, name, authProvider], {
				cwd: directory.work,
				env: { ...environment(), ...keyringInFile },
				detached: true,
				stdio: ['ignore', output, output],
			});
			await once(child, 'spawn');
			child.once('exit', () => this.#died());
			child.unref();
			this.#pid = child.pid;
			writeFileSync(this.#paths.pid, String(child.pid), { mode: 0o600 });
		} finally {
			closeSync(output);
		}
		await this.#follow(0);
	}

	/** Goes on with a program that an earlier run of the plane has started. */
	async adopt(): Promise<void> {
		const { pid, output } = this.#paths;
		if (!existsSync(pid) || !existsSync(output)) return;
		const noted = Number(readFileSync(pid, 'utf8'));
		if (!(await markedProcesses(this.#options.marker)).includes(noted)) return;
		this.#pid = noted;
		// What stands there was read by the earlier run.
		await this.#follow(statSync(output).size);
	}

	/** Looks whether the program is alive; one that is not is started again, after a pause. */
	tick(): void {
		if (this.#pid !== undefined && !signalProcess(this.#pid, 0)) this.#died();
		const isDue = this.#options.now() >= this.#nextStartAt;
		if (this.#closed || this.#starting || this.#pid !== undefined || !isDue) return;
		this.#starting = true;
		this.start()
			.catch(this.#options.onFault)
			.finally(() => {
				this.#starting = false;
			});
	}

	/** Starts nothing again and reads no more; the program itself goes on. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#tail?.close();
	}

	#died(): void {
		this.#pid = undefined;
		this.#nextStartAt = this.#options.now() + this.#pauseMs;
		this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
	}

	async #follow(offset: number): Promise<void> {
		this.#tail = new OutputTail({
			path: this.#paths.output,
			offset,
			now: this.#options.now,
			onLines: (lines) => {
				for (const line of lines) this.#read(line);
			},
		});
		await this.#tail.start();
	}

	#read(line: string): void {
		const event = parseTunnelLine(line);
		if (event === null || this.#closed) return;
		if (event.kind === 'ready') this.#pauseMs = shortestPauseMs;
		this.#options.onEvent(event);
	}
}
