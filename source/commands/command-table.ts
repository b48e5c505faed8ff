import type { Command } from './command.ts';
import { connectionFlags } from './flags.ts';

/** All commands. Parsing, help, and the tests of both are made from this table. */
export const commands: readonly Command[] = [
	{
		name: 'monitor',
		usage: '[JOB]',
		summary: 'the screen: sessions above, log below, keys that act',
		details: ['Without JOB: the newest active job, or else the newest one. ? shows all keys.'],
		flags: connectionFlags,
		examples: [
			['', 'watch the newest active job'],
			['7xk2p9c', 'watch a certain job'],
		],
		run: async (...given) => (await import('./monitor.ts')).monitor(...given),
	},
	{
		name: 'demo',
		usage: '',
		summary: 'run a real training of two nodes on this machine, and watch it',
		details: [
			'Everything lies in a temporary folder and ends with the demo. Without a terminal it prints',
			'the sessions and streams the log until the job ends.',
		],
		flags: [],
		examples: [['demo', 'nothing else is needed: no account, no configuration']],
		run: async (...given) => (await import('./demo.ts')).demo(...given),
	},
	{
		name: 'local',
		usage: '',
		summary: 'serve the local plane, which runs jobs as processes of this machine',
		details: [
			'Ctrl-C stops the plane; its jobs go on, and the next start takes them over. With --json the',
			'first line is {"url", "token_file", "ssh_proxy"}.',
		],
		flags: ['port', 'dataDir', 'json'],
		examples: [
			['local', 'serve until Ctrl-C'],
			['local --port 7117 --json', 'serve for other programs'],
		],
		run: async (...given) => (await import('./local.ts')).local(...given),
	},
	{
		name: 'push',
		usage: 'FILE',
		summary: 'start a job from a YAML or JSON file',
		details: [
			'Fields: name, compute, runtime, interactive_session and the others of the Baseten training',
			'API, also wrapped in training_job; and project. Each node starts with a copy of the folder',
			'in which the file lies.',
		],
		flags: [...connectionFlags, 'project', 'json'],
		examples: [['push examples/digits/job.yaml', 'start the example']],
		run: async (...given) => (await import('./push.ts')).push(...given),
	},
	{
		name: 'jobs',
		usage: '',
		summary: 'list the jobs, the newest first',
		flags: [...connectionFlags, 'project', 'json'],
		examples: [
			['jobs', 'list all jobs'],
			['jobs --json', 'list them for a program'],
		],
		run: async (...given) => (await import('./jobs.ts')).jobs(...given),
	},
	{
		name: 'status',
		usage: 'JOB',
		summary: 'show a job and the sessions of its nodes',
		flags: [...connectionFlags, 'json'],
		examples: [['status 7xk2p9c', 'show status, expiry and how to connect']],
		run: async (...given) => (await import('./status.ts')).status(...given),
	},
	{
		name: 'logs',
		usage: 'JOB',
		summary: 'print the log of a job',
		details: [
			'With --tail it exits with 0 when the job completed and with 1 when it did not. With --json',
			'each line is one record {seq, timestamp, message, replica, level}.',
		],
		flags: [...connectionFlags, 'tail', 'lines', 'node', 'json'],
		examples: [
			['logs 7xk2p9c', 'print the whole log'],
			['logs 7xk2p9c --tail --lines 20', 'print 20 lines and go on until the job ends'],
			['logs 7xk2p9c --tail --json', 'stream records for a program'],
		],
		run: async (...given) => (await import('./logs.ts')).logs(...given),
	},
	{
		name: 'extend',
		usage: 'JOB',
		summary: 'give sessions more time',
		details: ['The minutes are added to what is left. Without --node: all sessions that are open.'],
		flags: [...connectionFlags, 'node', 'minutes', 'json'],
		examples: [
			['extend 7xk2p9c --minutes 60', 'an hour more for every node'],
			['extend 7xk2p9c --node 1 --minutes 480', 'a night for node 1'],
		],
		run: async (...given) => (await import('./extend.ts')).extend(...given),
	},
	{
		name: 'trigger',
		usage: 'JOB MODE',
		summary: 'change when sessions become active',
		details: [
			'MODE is on_startup (now), on_failure (when the commands fail) or on_demand (when someone',
			'connects). on_startup can not be changed back.',
		],
		flags: [...connectionFlags, 'node', 'json'],
		examples: [['trigger 7xk2p9c on_failure --node 0', 'keep node 0 when its commands fail']],
		run: async (...given) => (await import('./trigger.ts')).trigger(...given),
	},
	{
		name: 'stop',
		usage: 'JOB',
		summary: 'stop a job, its sessions too',
		flags: [...connectionFlags, 'json'],
		examples: [['stop 7xk2p9c', 'stop the job on all its nodes']],
		run: async (...given) => (await import('./stop.ts')).stop(...given),
	},
	{
		name: 'ssh',
		usage: 'JOB[:NODE] [-- COMMAND]',
		summary: 'open a shell on a node, or run a command there',
		details: [
			'Your ssh agent is forwarded. Nothing has to be set up: key, certificate and proxy are seen',
			'to. The node is 0 unless given. Exits as ssh does.',
		],
		flags: [...connectionFlags, 'forwardAgent'],
		examples: [
			['ssh 7xk2p9c', 'a shell on node 0'],
			['ssh 7xk2p9c:1 -- nvidia-smi', 'run a command on node 1'],
		],
		run: async (...given) => (await import('./ssh.ts')).ssh(...given),
	},
	{
		name: 'ssh-proxy',
		usage: 'FILE',
		summary: 'the ProxyCommand of signalbox ssh',
		flags: [],
		examples: [],
		isHidden: true,
		run: async ({ words: [path = ''] }) => {
			await (await import('./ssh-proxy.ts')).sshProxy(path);
			return 0;
		},
	},
];
