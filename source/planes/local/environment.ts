import { delimiter, dirname } from 'node:path';
import { Failure } from '../../contract/failure.ts';
import type { CreateTrainingJob } from '../../contract/training-job.ts';
import type { NodeDirectory } from './node-directory.ts';

/** Variables of the plane's own environment that a job may see: no credential is among them. */
const inherited = /^(LANG|LC_[A-Z]+|TZ|USER|LOGNAME|SHELL|LD_LIBRARY_PATH|CUDA_.*|NVIDIA_.*)$/;

/**
 * Every process of a node carries this variable, whatever session or process group it moved to:
 * it is how the plane finds them all again, after a restart and at the end.
 */
export const markerName = 'SIGNALBOX_NODE';
export const nodeMarker = (jobId: string, rank: number): string => `${jobId}/${rank}`;

export type NodeIdentity = {
	readonly jobId: string;
	readonly rank: number;
	readonly nodeCount: number;
	readonly leaderPort: number;
};

/**
 * The environment of a node's commands and shells: what a Baseten container has (`BT_*`), the
 * job's own variables with secret references resolved, and little else.
 * @throws Failure `invalid` when a referenced secret does not exist.
 */
export const nodeEnvironment = (
	identity: NodeIdentity,
	directory: NodeDirectory,
	request: CreateTrainingJob,
	secretValue: (name: string) => string | undefined,
	base: NodeJS.ProcessEnv = process.env,
): Record<string, string> => {
	const environment: Record<string, string> = {};
	for (const [name, value] of Object.entries(base)) {
		if (value !== undefined && inherited.test(name)) environment[name] = value;
	}
	return {
		...environment,
		// The running Node stands last, so that a machine's own choice wins and `node` always exists.
		PATH: [base['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', dirname(process.execPath)].join(
			delimiter,
		),
		HOME: directory.home,
		// Output goes to a file, which Python would fill in blocks of 8 KiB.
		PYTHONUNBUFFERED: '1',
		BT_TRAINING_JOB_ID: identity.jobId,
		BT_NODE_RANK: String(identity.rank),
		BT_GROUP_SIZE: String(identity.nodeCount),
		BT_LEADER_ADDR: '127.0.0.1',
		BT_LEADER_PORT: String(identity.leaderPort),
		BT_WORKING_DIR: directory.work,
		BT_CHECKPOINT_DIR: directory.checkpoints,
		...resolveVariables(request, secretValue),
		[markerName]: nodeMarker(identity.jobId, identity.rank),
	};
};

/**
 * Looks whether all secrets exist that a job refers to.
 * @throws Failure `invalid` for the first that does not.
 */
export const requireSecrets = (
	request: CreateTrainingJob,
	secretValue: (name: string) => string | undefined,
): void => void resolveVariables(request, secretValue);

const resolveVariables = (
	request: CreateTrainingJob,
	secretValue: (name: string) => string | undefined,
): Record<string, string> => {
	const resolved: Record<string, string> = {};
	for (const [name, given] of Object.entries(request.runtime.environment_variables)) {
		if (typeof given === 'string') {
			resolved[name] = given;
			continue;
		}
		const value = secretValue(given.name);
		if (value === undefined) {
			throw new Failure(
				'invalid',
				`runtime.environment_variables.${name}: there is no secret "${given.name}". Store it first: signalbox secret set ${given.name}.`,
			);
		}
		resolved[name] = value;
	}
	return resolved;
};

/** The values of all secrets that a job's environment refers to. */
export const secretValues = (
	request: CreateTrainingJob,
	secretValue: (name: string) => string | undefined,
): string[] =>
	Object.values(request.runtime.environment_variables).flatMap((given) => {
		const value = typeof given === 'string' ? undefined : secretValue(given.name);
		return value === undefined ? [] : [value];
	});
