import { stat } from 'node:fs/promises';
import { Failure } from '../../contract/failure.ts';
import type {
	CreateTrainingJob,
	TrainingJob,
	TrainingProject,
} from '../../contract/training-job.ts';
import { randomId } from './random-id.ts';

/** A job as the API returns it, before anything runs. `at`: ISO time of its creation. */
export const newJob = (
	{ id, name }: TrainingProject,
	{ compute, name: jobName, priority }: CreateTrainingJob,
	at: string,
): TrainingJob => ({
	id: randomId(),
	created_at: at,
	updated_at: at,
	current_status: 'TRAINING_JOB_CREATED',
	error_message: null,
	instance_type: {
		id: 'local',
		name: 'this machine',
		memory_limit_mib: null,
		millicpu_limit: Math.round(compute.cpu_count * 1000),
		gpu_count: compute.accelerator?.count ?? 0,
		gpu_type: compute.accelerator?.accelerator ?? null,
		gpu_memory_limit_mib: null,
	},
	training_project_id: id,
	training_project: { id, name },
	name: jobName ?? null,
	checkpoint_sync_status: null,
	priority,
	availability_model: compute.availability_model,
	user: null,
	node_count: compute.node_count,
});

/** @throws Failure `invalid` when the folder that the nodes start with is not there. */
export const requireSource = async ({
	source_directory: source,
}: CreateTrainingJob): Promise<void> => {
	if (!source) return;
	const found = await stat(source).catch(() => undefined);
	if (found?.isDirectory()) return;
	throw new Failure('invalid', `source_directory: there is no folder ${source}`);
};
