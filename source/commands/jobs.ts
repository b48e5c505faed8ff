import { statusLabel } from '../contract/status.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import { formatDuration } from '../monitor/expiry.ts';
import { safeText } from '../monitor/fit.ts';
import type { CommandInput } from './command.ts';
import { withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { jsonText, table } from './output.ts';
import { connectionFlagsOf } from './settings.ts';

/** `signalbox jobs`: all jobs, the newest first. */
export const jobs = ({ flags }: CommandInput, edges: CommandEdges): Promise<number> =>
	withConnection(connectionFlagsOf(flags, edges), edges, async ({ api }) => {
		const found = (await api.listJobs()).filter(
			({ training_project: project }) =>
				flags.project === undefined || project?.name === flags.project,
		);
		if (flags.json) edges.stdout.write(jsonText(found));
		else if (found.length === 0) {
			edges.stderr.write('There are no jobs. Start one with signalbox push FILE.\n');
		} else edges.stdout.write(jobsTable(found, edges.now()));
		return 0;
	});

const jobsTable = (found: readonly TrainingJob[], now: number): string =>
	table(
		['JOB', 'NAME', 'PROJECT', 'STATUS', 'NODES', 'AGE'],
		found.map((job) => [
			safeText(job.id),
			safeText(job.name ?? '–'),
			safeText(job.training_project?.name ?? '–'),
			safeText(statusLabel(job.current_status)),
			String(job.node_count ?? '–'),
			formatDuration(now - Date.parse(job.created_at)),
		]),
	);
