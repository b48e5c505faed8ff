import { Failure } from '../contract/failure.ts';
import { hasEnded, jobStatuses, statusLabel } from '../contract/status.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import { formatDuration } from '../monitor/expiry.ts';
import { safeText } from '../monitor/fit.ts';
import type { CommandInput } from './command.ts';
import { withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { jsonText, table } from './output.ts';
import { connectionFlagsOf, countOf } from './settings.ts';

/** `signalbox jobs`: all jobs, the newest first. */
export const jobs = ({ flags }: CommandInput, edges: CommandEdges): Promise<number> =>
	withConnection(connectionFlagsOf(flags, edges), edges, async ({ api }) => {
		const isWanted = statusFilter(flags.status);
		const found = (await api.listJobs())
			.filter(
				({ training_project: project, current_status: status }) =>
					(flags.project === undefined || project?.name === flags.project) && isWanted(status),
			)
			.slice(0, countOf('--lines', flags.lines, Number.MAX_SAFE_INTEGER));
		if (flags.json) edges.stdout.write(jsonText(found));
		else if (found.length === 0) {
			edges.stderr.write('There are no jobs. Start one with signalbox push FILE.\n');
		} else edges.stdout.write(jobsTable(found, edges.now()));
		return 0;
	});

/** `active`, `ended`, or a status such as `running`. @throws Failure `usage` for none of them */
const statusFilter = (wanted: string | undefined): ((status: string) => boolean) => {
	if (wanted === undefined) return () => true;
	if (wanted === 'active') return (status) => !hasEnded(status);
	if (wanted === 'ended') return hasEnded;
	const name = `TRAINING_JOB_${wanted.toUpperCase().replaceAll('-', '_')}`;
	if ((jobStatuses as readonly string[]).includes(name)) return (status) => status === name;
	const names = jobStatuses.map((each) => each.replace('TRAINING_JOB_', '').toLowerCase());
	throw new Failure(
		'usage',
		`--status: "${wanted}" is none of active, ended, ${names.join(', ')}.`,
	);
};

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
