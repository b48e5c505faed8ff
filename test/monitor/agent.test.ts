import { expect, test } from 'vitest';
import { type AgentView, agentSegment } from '../../source/monitor/agent.ts';

test.each<[AgentView | null, string | null, string | null]>([
	[null, null, null],
	[{ kind: 'off' }, 'agent off', 'dim'],
	[{ kind: 'forwarded', keys: null }, 'no ssh agent', 'warn'],
	[{ kind: 'forwarded', keys: 0 }, 'agent has no keys: A adds', 'warn'],
	[{ kind: 'forwarded', keys: 1 }, '⇄ agent 1 key', 'dim'],
	[{ kind: 'forwarded', keys: 2 }, '⇄ agent 2 keys', 'dim'],
])('%j', (agent, text, tone) => {
	const segment = agentSegment(agent);
	expect([segment?.text ?? null, segment?.tone ?? null]).toEqual([text, tone]);
});
