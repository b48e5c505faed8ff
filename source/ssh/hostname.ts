import { Failure } from '../contract/failure.ts';
import { sshDomain } from '../contract/ssh.ts';

/** A node of a training job, as a host name for ssh names it. */
export type SshHost = {
	readonly job: string;
	/** Rank of the node, 0 is the leader. */
	readonly node: number;
	/** Section of `.trussrc`, or whatever the user calls the server. */
	readonly remote?: string;
	/** `<prefix>` of `https://api.<prefix>.baseten.co`; only ever together with a remote. */
	readonly prefix?: string;
};

const form = `training-job-<job>-<node>[.<remote>[.<prefix>]].${sshDomain}`;
// An id becomes part of file names and URLs, so nothing that leads elsewhere may be in it.
const jobPattern = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;
const labelPattern = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;
const nodePattern = /^\d{1,9}$/;
const modelPattern = /^(?:[^.]+\.)?model-/;

/**
 * Reads `training-job-<job>-<node>[.<remote>[.<prefix>]].ssh.baseten.co`: the node is the digits
 * after the last dash, so that a job id may hold dashes (truss and baseten-cli, ssh proxy command).
 * @throws Failure `invalid` that shows the form that is expected; also for a model deployment's
 *   name, which the same domain serves.
 */
export const parseSshHost = (name: string): SshHost => {
	const suffix = `.${sshDomain}`;
	const labels = name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;
	if (labels === undefined) throw refused(name, `it does not end in ${suffix}`);
	if (modelPattern.test(labels)) {
		throw new Failure(
			'invalid',
			`${name} names a model deployment; signalbox connects to training jobs: ${form}.`,
		);
	}
	const [first = '', remote, prefix, ...more] = labels.split('.');
	const [, job = '', node = ''] = /^training-job-(.*)-([^-]*)$/.exec(first) ?? [];
	if (!jobPattern.test(job)) throw refused(name, 'it holds no job id');
	if (!nodePattern.test(node)) throw refused(name, 'the node after the last dash is not a number');
	if (more.length > 0) throw refused(name, 'it has too many labels');
	for (const label of [remote, prefix]) {
		if (label !== undefined && !labelPattern.test(label)) {
			throw refused(name, `"${label}" is not a label`);
		}
	}
	return {
		job,
		node: Number(node),
		...(remote === undefined ? {} : { remote }),
		...(prefix === undefined ? {} : { prefix }),
	};
};

/**
 * The inverse of {@link parseSshHost}.
 * @throws Failure `invalid` when a part cannot stand in a host name.
 */
export const formatSshHost = ({ job, node, remote, prefix }: SshHost): string => {
	if (prefix !== undefined && remote === undefined) {
		throw new Failure('invalid', `The API prefix "${prefix}" needs a remote before it: ${form}.`);
	}
	const labels = [`training-job-${job}-${node}`, remote, prefix, sshDomain];
	const name = labels.filter((label) => label !== undefined).join('.');
	parseSshHost(name);
	return name;
};

const refused = (name: string, reason: string): Failure =>
	new Failure('invalid', `"${name}" is no host name of a training job: ${reason}. Use ${form}.`);
