import type { Segment } from './tone.ts';

/** The user's ssh agent, and whether ssh takes it along into a node. */
export type AgentView =
	| { readonly kind: 'off' }
	/** `keys`: count of its keys, null when no agent answers. */
	| { readonly kind: 'forwarded'; readonly keys: number | null };

/** `1 key`, `2 keys` */
const counted = (keys: number): string => `${keys} ${keys === 1 ? 'key' : 'keys'}`;

/** The mark of the header: that an agent is forwarded, or why git in a node would have no key. */
export const agentSegment = (agent: AgentView | null): Segment | null => {
	if (agent === null) return null;
	if (agent.kind === 'off') return { text: 'agent off', tone: 'dim' };
	const { keys } = agent;
	if (keys === null) return { text: 'no ssh agent', tone: 'warn' };
	if (keys === 0) return { text: 'agent has no keys: A adds', tone: 'warn' };
	return { text: `⇄ agent ${counted(keys)}`, tone: 'dim' };
};
