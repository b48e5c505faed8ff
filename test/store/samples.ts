import type { NewLogRecord } from '../../source/contract/log.ts';
import { type NodeSession, nodeSessionSchema } from '../../source/contract/session.ts';
import {
	type CreateTrainingJob,
	createTrainingJobSchema,
	type TrainingJob,
	trainingJobSchema,
} from '../../source/contract/training-job.ts';

export const sampleTime = '2026-11-24T12:00:00.000Z';
export const sampleMs = Date.parse(sampleTime);

export const sampleRequest = (): CreateTrainingJob => createTrainingJobSchema.parse({});

export const sampleJob = (id: string, changes: Partial<TrainingJob> = {}): TrainingJob => ({
	...trainingJobSchema.parse({
		id,
		created_at: sampleTime,
		updated_at: sampleTime,
		current_status: 'TRAINING_JOB_RUNNING',
		training_project_id: 'proj1',
		training_project: { id: 'proj1', name: 'digits' },
		name: 'digits',
	}),
	...changes,
});

export const sampleSession = (node: number, changes: Partial<NodeSession> = {}): NodeSession => ({
	...nodeSessionSchema.parse({
		session_id: `session-${node}`,
		replica_id: `g00r${node}`,
		node,
		provider: 'ssh',
		trigger: 'on_startup',
		state: 'active',
		container: 'running',
		expires_at: '2026-11-24T20:00:00.000Z',
	}),
	...changes,
});

/** Records whose messages are `line FROM` to `line TO`, one microsecond apart. */
export const sampleRecords = (from: number, to: number): NewLogRecord[] =>
	Array.from({ length: to - from + 1 }, (_, index) => ({
		timestamp: String(BigInt(sampleMs) * 1_000_000n + BigInt(from + index) * 1000n),
		message: `line ${from + index}`,
		replica: String((from + index) % 2),
		level: 'INFO',
	}));
