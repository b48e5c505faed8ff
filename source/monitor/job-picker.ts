import { statusLabel } from '../contract/status.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import { formatDuration } from './expiry.ts';
import { safeText } from './fit.ts';
import { toneOfStatus } from './header.ts';
import type { JobPicker } from './state.ts';
import type { Tone } from './tone.ts';

/** A job as the picker shows it. */
export type PickerRow = {
	readonly id: string;
	readonly name: string;
	readonly status: string;
	readonly tone: Tone;
	readonly age: string;
	readonly isChosen: boolean;
};

const wordsOf = (job: TrainingJob): string =>
	[job.id, job.name, job.training_project?.name, statusLabel(job.current_status)]
		.join(' ')
		.toLowerCase();

/** The jobs that have every typed word in id, name, project or status; the newest first. */
export const jobsFor = ({ jobs, text }: JobPicker): readonly TrainingJob[] => {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	return (jobs ?? []).filter((job) => words.every((word) => wordsOf(job).includes(word)));
};

/** The job that enter takes, null when none is left. */
export const chosenJob = (picker: JobPicker): TrainingJob | null =>
	jobsFor(picker)[picker.choice] ?? null;

/** The lines around the cursor, `most` of them. `now`: epoch ms of the server's clock. */
export const pickerRows = (picker: JobPicker, most: number, now: number): readonly PickerRow[] => {
	const jobs = jobsFor(picker);
	const from = Math.max(0, Math.min(picker.choice - Math.floor(most / 2), jobs.length - most));
	return jobs.slice(from, from + most).map((job, index) => ({
		id: safeText(job.id),
		name: safeText([job.training_project?.name, job.name].filter(Boolean).join(' › ')),
		status: safeText(statusLabel(job.current_status)),
		tone: toneOfStatus(job.current_status),
		age: formatDuration(Math.max(0, now - Date.parse(job.created_at))),
		isChosen: from + index === picker.choice,
	}));
};
