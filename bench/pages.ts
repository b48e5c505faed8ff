import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createTrainingJobSchema, trainingJobSchema } from '../source/contract/training-job.ts';
import { Store } from '../source/store/store.ts';
import { type Figure, median, quantile, told } from './figures.ts';

const lengths = [10_000, 1_000_000, 10_000_000];
/** As the screen asks. */
const pageLines = 1000;
const samples = 200;
const goalMs = 2;

/** An older page from the store, out of logs of different lengths, each page at a random place. */
export const measurePages = async (): Promise<readonly Figure[]> => {
	const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
	const store = Store.open(folder);
	const raw = new DatabaseSync(join(folder, 'signalbox.db'));
	try {
		const own: number[][] = [];
		const bare: number[][] = [];
		for (const lines of lengths) {
			fill(store, raw, lines);
			const times = timePages(store, raw, lines);
			own.push(times.own);
			bare.push(times.bare);
		}
		const medians = own.map(median);
		return [
			{
				what: `older page of ${pageLines} lines from the store at 10 k, 1 M, 10 M lines`,
				measured: own.map((times) => told(times, 'ms', 2)).join(', '),
				beside: `SQLite alone ${bare.map((times) => `${median(times).toFixed(2)} ms`).join(', ')}; p99 ${own.map((times) => quantile(times, 0.99).toFixed(1)).join(', ')} ms`,
				goal: `<= ${goalMs} ms`,
				reached: medians.every((ms) => ms <= goalMs),
				numbers: Object.fromEntries([
					...lengths.map((lines, at) => [`msAt${lines}`, medians[at] ?? 0]),
					...lengths.map((lines, at) => [`sqliteMsAt${lines}`, median(bare[at] ?? [])]),
				]),
			},
		];
	} finally {
		raw.close();
		store.close();
		await rm(folder, { recursive: true, force: true });
	}
};

const jobIdOf = (lines: number): string => `job${lines}`;

/** A job with that many lines, written by SQLite itself: by the store it would take minutes. */
const fill = (store: Store, raw: DatabaseSync, lines: number): void => {
	const at = new Date().toISOString();
	const job = trainingJobSchema.parse({
		id: jobIdOf(lines),
		created_at: at,
		updated_at: at,
		current_status: 'TRAINING_JOB_RUNNING',
		training_project_id: 'p1',
		training_project: { id: 'p1', name: 'bench' },
	});
	store.insertJob(job, createTrainingJobSchema.parse({ runtime: { start_commands: ['x'] } }), []);
	raw
		.prepare(
			`WITH RECURSIVE line (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM line WHERE n < ?)
			INSERT INTO logs (job, seq, time, replica, level, message)
			SELECT (SELECT number FROM jobs WHERE id = ?), n, 1790000000000000000 + n * 1000000, '0', NULL,
				'step ' || n || ' loss 0.3312 lr 3.0e-4 grad_norm 1.200 tokens/s 151204 mem 71.2 GiB'
			FROM line`,
		)
		.run(lines, job.id);
};

const timePages = (
	store: Store,
	raw: DatabaseSync,
	lines: number,
): { readonly own: number[]; readonly bare: number[] } => {
	const id = jobIdOf(lines);
	const statement = raw.prepare(
		'SELECT * FROM logs WHERE job = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
	);
	const number = Number(raw.prepare('SELECT number FROM jobs WHERE id = ?').get(id)?.['number']);
	statement.setReadBigInts(true);
	const own: number[] = [];
	const bare: number[] = [];
	for (let sample = -20; sample < samples; sample += 1) {
		const before = pageLines + 1 + Math.floor(Math.random() * (lines - pageLines));
		const start = performance.now();
		const page = store.logsBefore(id, before, pageLines);
		const middle = performance.now();
		statement.all(number, before, pageLines);
		const end = performance.now();
		if (page.length !== pageLines) throw new Error(`a page has ${page.length} lines`);
		if (sample < 0) continue;
		own.push(middle - start);
		bare.push(end - middle);
	}
	return { own, bare };
};
