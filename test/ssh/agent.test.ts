import { expect, test } from 'vitest';
import { inspectAgent } from '../../source/ssh/agent.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startAgent } from './throw-away.ts';

test('no agent: no socket, or one that nobody serves', async () => {
	const { SSH_AUTH_SOCK: _, ...without } = process.env;
	expect(await inspectAgent(without)).toEqual({ state: 'none', keys: [] });
	const SSH_AUTH_SOCK = `${temporaryDirectory()}/gone`;
	expect(await inspectAgent({ ...without, SSH_AUTH_SOCK })).toEqual({ state: 'none', keys: [] });
});

test('an agent, first empty and then with keys', async () => {
	const agent = await startAgent();
	expect(await inspectAgent(agent.env)).toEqual({ state: 'empty', keys: [] });
	await agent.add('first (work) key');
	await agent.add('second');
	const fingerprint = expect.stringMatching(/^SHA256:/);
	expect(await inspectAgent(agent.env)).toEqual({
		state: 'keys',
		keys: [
			{ fingerprint, comment: 'first (work) key', type: 'ED25519' },
			{ fingerprint, comment: 'second', type: 'ED25519' },
		],
	});
});

test('without ssh-add it says what to install', async () => {
	await expect(inspectAgent({ PATH: temporaryDirectory() })).rejects.toThrow(
		/^ssh-add is not installed\. Install OpenSSH/,
	);
});
