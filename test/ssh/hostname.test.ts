import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSshHost, parseSshHost, type SshHost } from '../../source/ssh/hostname.ts';

describe('parseSshHost', () => {
	test.each<[string, SshHost]>([
		['training-job-7xk2p9-0.ssh.baseten.co', { job: '7xk2p9', node: 0 }],
		['training-job-7xk2p9-12.local.ssh.baseten.co', { job: '7xk2p9', node: 12, remote: 'local' }],
		[
			'training-job-a-b-3.work.staging.ssh.baseten.co',
			{ job: 'a-b', node: 3, remote: 'work', prefix: 'staging' },
		],
	])('%s', (name, host) => {
		expect(parseSshHost(name)).toEqual(host);
	});

	test.each([
		['example.com', 'does not end in .ssh.baseten.co'],
		['training-job-x-0.ssh.baseten.co.evil.org', 'does not end in .ssh.baseten.co'],
		['training-job-x-0.sshXbasetenXco', 'does not end in .ssh.baseten.co'],
		['training-job--0.ssh.baseten.co', 'holds no job id'],
		['training-job-0.ssh.baseten.co', 'holds no job id'],
		['something-x-0.ssh.baseten.co', 'holds no job id'],
		['training-job-../x-0.ssh.baseten.co', 'holds no job id'],
		['training-job-a/b-0.ssh.baseten.co', 'holds no job id'],
		['training-job-a\\b-0.ssh.baseten.co', 'holds no job id'],
		['training-job-x-zero.ssh.baseten.co', 'not a number'],
		['training-job-x-.ssh.baseten.co', 'not a number'],
		['training-job-x-0.a.b.c.ssh.baseten.co', 'too many labels'],
		['training-job-x-0..ssh.baseten.co', '"" is not a label'],
		['training-job-x-0.a/b.ssh.baseten.co', '"a/b" is not a label'],
	])('refuses %s', (name, reason) => {
		expect(() => parseSshHost(name)).toThrow(reason);
		expect(() => parseSshHost(name)).toThrow('training-job-<job>-<node>');
	});

	test.each([
		'model-abc-production.ssh.baseten.co',
		'model-abc-def-0.ssh.baseten.co',
		'production.model-abc.ssh.baseten.co',
	])('knows %s as a model deployment', (name) => {
		expect(() => parseSshHost(name)).toThrow('names a model deployment');
	});
});

describe('formatSshHost', () => {
	const label = fc.stringMatching(/^[A-Za-z0-9_]([A-Za-z0-9_-]{0,10}[A-Za-z0-9_])?$/);
	const node = fc.nat({ max: 999_999_999 });
	const host: fc.Arbitrary<SshHost> = fc.oneof(
		fc.record({ job: label, node }),
		fc.record({ job: label, node, remote: label }),
		fc.record({ job: label, node, remote: label, prefix: label }),
	);

	test('is the inverse of parsing', () => {
		fc.assert(
			fc.property(host, (given) => {
				expect(parseSshHost(formatSshHost(given))).toEqual(given);
			}),
		);
	});

	test('refuses what would not parse again', () => {
		expect(() => formatSshHost({ job: 'a.b', node: 0 })).toThrow();
		expect(() => formatSshHost({ job: 'a', node: -1 })).toThrow();
		expect(() => formatSshHost({ job: 'a', node: 0, prefix: 'staging' })).toThrow('needs a remote');
	});
});
