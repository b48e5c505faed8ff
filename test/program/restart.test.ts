import { existsSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLogFeed } from '../../source/client/log-feed.ts';
import type { LogRecord } from '../../source/contract/log.ts';
import { until } from '../faults/until.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type LocalProcess, startLocal } from './start-local.ts';

const pushCounting = async ({ api }: LocalProcess, directory: string) => {
	const end = join(directory, 'end');
	const { id } = await api.createProject('counting');
	const job = await api.createJob(id, {
		runtime: {
			start_commands: [
				`i=0; while [ ! -e ${end} ]; do i=$((i+1)); echo "line $i"; sleep 0.005; done; echo over`,
			],
		},
		interactive_session: { trigger: 'on_startup', session_provider: 'ssh' },
	});
	onTestFinished(() => writeFileSync(end, ''));
	return { job, finish: () => writeFileSync(end, '') };
};

/** What a reader has to see when nothing was lost or doubled. */
const expectWhole = (records: readonly LogRecord[]): void => {
	const lines = records.map(({ message }) => message).filter((line) => line.startsWith('line'));
	expect(lines).toEqual(lines.map((_, index) => `line ${index + 1}`));
	expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
};

describe('signalbox local', () => {
	test.each(['SIGKILL', 'SIGTERM'] as const)(
		'a job and its readers come through %s and a new start of the plane',
		async (signal) => {
			const directory = temporaryDirectory();
			const data = join(directory, 'data');
			const first = await startLocal(data);
			const { job, finish } = await pushCounting(first, directory);
			const records: LogRecord[] = [];
			const gaps: unknown[] = [];
			const feed = openLogFeed({
				url: first.url,
				token: first.token,
				projectId: job.training_project_id,
				jobId: job.id,
				onRecords: (more) => records.push(...more),
				onGap: (gap) => gaps.push(gap),
			});
			onTestFinished(() => feed.close());
			await until(() => records.length > 50);

			await first.end(signal);
			const seen = records.length;
			const second = await startLocal(data, Number(new URL(first.url).port));
			await until(() => records.length > seen + 50);
			const [running] = await second.api.listJobs({ job_id: job.id });
			expect(running?.current_status).toBe('TRAINING_JOB_RUNNING');
			finish();
			await until(() => records.some(({ message }) => message === 'over'));
			expectWhole(records);
			expect(gaps).toEqual([]);
			await until(async () => {
				const [ended] = await second.api.listJobs({ job_id: job.id });
				return ended?.current_status === 'TRAINING_JOB_COMPLETED';
			});
			const [session] = await second.api.authCodes(job.training_project_id, job.id);
			expect(session?.expires_at).not.toBeNull();
		},
	);

	test('keeps its token for its owner alone, and the same over a restart', async () => {
		const data = join(temporaryDirectory(), 'data');
		const first = await startLocal(data);
		expect((await stat(first.token_file)).mode & 0o777).toBe(0o600);
		expect((await stat(data)).mode & 0o777).toBe(0o700);
		expect(await first.end('SIGTERM')).toBe(0);
		expect(existsSync(join(data, 'server.json'))).toBe(false);
		const second = await startLocal(data);
		expect(second.token).toBe(first.token);
	});
});
