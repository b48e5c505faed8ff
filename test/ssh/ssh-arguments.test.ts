import { expect, test } from 'vitest';
import { type SshArgumentsInput, sshArguments } from '../../source/ssh/ssh-arguments.ts';
import { run } from './run.ts';

const input: SshArgumentsInput = {
	hostName: 'training-job-x-0.local.ssh.baseten.co',
	files: {
		certificate: `/keys/it's "100%" %h/id-cert.pub`,
		proxyCache: `/keys/it's "100%" %h/proxy.json`,
		knownHosts: '/keys/known hosts',
		hostKeyAlias: 'training-job-x-0.ssh.baseten.co',
	},
	identity: '/keys/id_ed25519',
	proxyCommand: ['/usr/bin/node', '/opt/signal box/cli.js', 'ssh-proxy'],
	loginUser: null,
	forwardAgent: true,
	extra: [],
	command: [],
};

/** What ssh itself understands of the arguments (ssh -G), as lines of `name value`. */
const understood = async (given: Partial<SshArgumentsInput>): Promise<string[]> => {
	const args = sshArguments({ ...input, extra: ['-F', 'none'], ...given });
	const { code, stdout, stderr } = await run('ssh', ['-G', '-T', ...args]);
	expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
	return stdout.split('\n');
};

test('ssh reads paths, command and host as they were meant', async () => {
	expect(await understood({})).toEqual(
		expect.arrayContaining([
			'user baseten',
			'hostname training-job-x-0',
			'hostkeyalias training-job-x-0.ssh.baseten.co',
			'forwardagent yes',
			'controlmaster false',
			'identitiesonly yes',
			'stricthostkeychecking true',
			`certificatefile /keys/it's "100%%" %%h/id-cert.pub`,
			'userknownhostsfile /keys/known hosts',
			`proxycommand /usr/bin/node '/opt/signal box/cli.js' ssh-proxy '/keys/it'\\''s "100%%" %%h/proxy.json'`,
		]),
	);
});

test('forwarding can be turned off, and a plane can name the login', async () => {
	const lines = await understood({ forwardAgent: false, loginUser: 'somebody' });
	expect(lines).toEqual(expect.arrayContaining(['forwardagent no', 'user somebody']));
});

test('without an authority for host keys nothing is checked and nothing is kept', async () => {
	const lines = await understood({ files: { ...input.files, knownHosts: null } });
	expect(lines).toEqual(
		expect.arrayContaining(['stricthostkeychecking false', 'userknownhostsfile /dev/null']),
	);
});

test("the user's own arguments come first and win", async () => {
	const lines = await understood({ extra: ['-F', 'none', '-o', 'ServerAliveInterval=3'] });
	expect(lines).toContain('serveraliveinterval 3');
});

test.each(['-oProxyCommand=id', 'a b', '', '$(id)'])('%j is no login name', (loginUser) => {
	expect(() => sshArguments({ ...input, loginUser })).toThrow('which is none');
});
