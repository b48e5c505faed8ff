import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Failure } from '../../contract/failure.ts';
import type { Monitor } from '../../monitor/monitor.ts';
import { addKeysCommand, inspectAgent } from '../../ssh/agent.ts';
import type { Suspend } from '../../ui/commands.ts';

const lookAgainMs = 30_000;

/** Keeps the screen's mark of the agent true. */
export type AgentOnScreen = {
	/** Looks now. */
	look(): Promise<void>;
	close(): void;
};

/** Looks at the user's agent at once, twice a minute, and when told. */
export const watchAgent = (
	monitor: Monitor,
	forwardAgent: boolean,
	env: NodeJS.ProcessEnv,
): AgentOnScreen => {
	const look = async (): Promise<void> => {
		if (!forwardAgent) {
			monitor.dispatch({ type: 'agent', agent: { kind: 'off' } });
			return;
		}
		// Without ssh-add there is no agent either; `signalbox doctor` tells the two apart.
		const { state, keys } = await inspectAgent(env).catch(() => ({ state: 'none', keys: [] }));
		const count = state === 'none' ? null : keys.length;
		const { agent } = monitor.getState();
		if (agent?.kind === 'forwarded' && agent.keys === count) return;
		monitor.dispatch({ type: 'agent', agent: { kind: 'forwarded', keys: count } });
	};
	// After the first frame: starting a program takes as long as drawing it.
	const first = setImmediate(() => void look());
	const timer = setInterval(() => void look(), lookAgainMs);
	timer.unref();
	const close = (): void => {
		clearImmediate(first);
		clearInterval(timer);
	};
	return { look, close };
};

/**
 * Runs ssh-add on the user's terminal: it may ask for passphrases.
 * @throws Failure `conflict` without an agent, `failed` when no key was added.
 */
export const addKeysFromScreen = async (
	{ suspend, abort }: { readonly suspend: Suspend; readonly abort: AbortSignal },
	{ stdout, env }: { readonly stdout: NodeJS.WriteStream; readonly env: NodeJS.ProcessEnv },
): Promise<string> => {
	if ((await inspectAgent(env)).state === 'none') {
		throw new Failure(
			'conflict',
			'No ssh agent is running. Quit, then: eval "$(ssh-agent)" && ssh-add, and start signalbox again.',
		);
	}
	const [program, ...args] = addKeysCommand(process.platform);
	let code: number | null = null;
	await suspend(async () => {
		stdout.write(`signalbox: ${[program, ...args].join(' ')}\n`);
		const child = spawn(program, args, { env, stdio: 'inherit', signal: abort });
		[code] = await once(child, 'exit').catch(() => [null]);
	});
	const { keys } = await inspectAgent(env);
	if (code !== 0) {
		throw new Failure('failed', 'ssh-add added no key; run it yourself with the path of one.');
	}
	return `the agent has ${keys.map(({ comment }) => comment).join(', ')}`;
};
