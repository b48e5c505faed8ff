import { safeText } from '../../monitor/fit.ts';
import { addKeysCommand, inspectAgent } from '../../ssh/agent.ts';
import { type Check, ok, warn } from './check.ts';

/** The user's ssh agent: what git inside a node would have. */
export const checkAgent = async (forwardAgent: boolean, env: NodeJS.ProcessEnv): Promise<Check> => {
	const name = 'ssh agent';
	if (!forwardAgent) return ok(name, 'stays here, as forward_agent of the configuration says');
	const addKeys = addKeysCommand(process.platform).join(' ');
	const { state, keys } = await inspectAgent(env).catch(() => ({ state: 'none', keys: [] }));
	if (state === 'none') {
		return warn(
			name,
			'not running, so git in a node has no key',
			`eval "$(ssh-agent)" && ${addKeys}`,
		);
	}
	if (keys.length === 0) return warn(name, 'holds no keys, so git in a node has none', addKeys);
	const names = keys.map(({ comment, type }) => `${comment} (${type})`).join(', ');
	return ok(name, `forwards ${safeText(names)}`);
};
