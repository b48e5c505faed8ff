import type { DatabaseSync } from 'node:sqlite';
import { type NodeSession, nodeSessionSchema } from '../contract/session.ts';
import {
	type CreateTrainingJob,
	createTrainingJobSchema,
	type SearchRequest,
	type TrainingJob,
	type TrainingProject,
	trainingJobSchema,
	trainingProjectSchema,
} from '../contract/training-job.ts';

/** Projects, jobs, and the sessions of their nodes. */
export class JobStore {
	readonly #database: DatabaseSync;
	/** Store numbers by job id: they never change, and every log call needs one. */
	readonly #numbers = new Map<string, number>();

	constructor(database: DatabaseSync) {
		this.#database = database;
	}

	putProject(project: { id: string; name: string; created_at: string; updated_at: string }): void {
		this.#database
			.prepare(
				`INSERT INTO projects (id, name, created_at, updated_at) VALUES (?, ?, ?, ?)
				ON CONFLICT (name) DO UPDATE SET updated_at = excluded.updated_at`,
			)
			.run(project.id, project.name, project.created_at, project.updated_at);
	}

	/** All projects, the newest first, each with its latest job. */
	projects(): TrainingProject[] {
		return this.#database
			.prepare('SELECT id, name, created_at, updated_at FROM projects ORDER BY created_at DESC')
			.all()
			.map((row) => this.#withLatestJob(row));
	}

	/** The project of that id or name. */
	project(idOrName: string): TrainingProject | undefined {
		const row = this.#database
			.prepare('SELECT id, name, created_at, updated_at FROM projects WHERE id = ?1 OR name = ?1')
			.get(idOrName);
		return row && this.#withLatestJob(row);
	}

	#withLatestJob(row: Record<string, unknown>): TrainingProject {
		const [latest] = this.search({ project_id: String(row['id']) }, 1);
		return trainingProjectSchema.parse({ ...row, latest_job: latest });
	}

	insertJob(job: TrainingJob, request: CreateTrainingJob): void {
		this.#database
			.prepare(
				`INSERT INTO jobs (id, project_id, created_at, status, document, request)
				VALUES (?, ?, ?, ?, ?, ?)`,
			)
			.run(
				job.id,
				job.training_project_id,
				job.created_at,
				job.current_status,
				JSON.stringify(job),
				JSON.stringify(request),
			);
	}

	updateJob(job: TrainingJob): void {
		this.#database
			.prepare('UPDATE jobs SET status = ?, document = ?, version = version + 1 WHERE id = ?')
			.run(job.current_status, JSON.stringify(job), job.id);
	}

	job(id: string): TrainingJob | undefined {
		const row = this.#database.prepare('SELECT document FROM jobs WHERE id = ?').get(id);
		return row && readJob(row);
	}

	/** The store's own number of a job: small, for keys of the log table. */
	jobNumber(id: string): number | undefined {
		const known = this.#numbers.get(id);
		if (known !== undefined) return known;
		const row = this.#database.prepare('SELECT number FROM jobs WHERE id = ?').get(id);
		if (!row) return undefined;
		const number = Number(row['number']);
		this.#numbers.set(id, number);
		return number;
	}

	/** Rises with every change of the job or its sessions. */
	version(id: string): number {
		const row = this.#database.prepare('SELECT version FROM jobs WHERE id = ?').get(id);
		return Number(row?.['version'] ?? 0);
	}

	/** The body with which the job was created. */
	request(id: string): CreateTrainingJob | undefined {
		const row = this.#database.prepare('SELECT request FROM jobs WHERE id = ?').get(id);
		return row && createTrainingJobSchema.parse(JSON.parse(String(row['request'])));
	}

	/** Jobs that match every given field, newest first unless asked otherwise. */
	search(request: SearchRequest, limit = 10_000): TrainingJob[] {
		const clauses: string[] = [];
		const values: string[] = [];
		const require = (clause: string, ...given: string[]): void => {
			clauses.push(clause);
			values.push(...given);
		};
		if (request.project_id) require('project_id = ?', request.project_id);
		if (request.job_id) require('id = ?', request.job_id);
		if (request.statuses) {
			require(`status IN (${request.statuses.map(() => '?').join(', ')})`, ...request.statuses);
		}
		const where = clauses.length > 0 ? `WHERE ${clauses.join(' AND ')}` : '';
		const order = request.order_by?.[0]?.order === 'asc' ? 'ASC' : 'DESC';
		return this.#database
			.prepare(
				`SELECT document FROM jobs ${where} ORDER BY created_at ${order}, number ${order} LIMIT ?`,
			)
			.all(...values, limit)
			.map(readJob);
	}

	putSession(jobId: string, session: NodeSession): void {
		this.#database
			.prepare(
				`INSERT INTO sessions (job_id, node, document) VALUES (?, ?, ?)
				ON CONFLICT (job_id, node) DO UPDATE SET document = excluded.document`,
			)
			.run(jobId, session.node, JSON.stringify(session));
		this.#database.prepare('UPDATE jobs SET version = version + 1 WHERE id = ?').run(jobId);
	}

	/** The nodes of a job in order of rank. */
	sessions(jobId: string): NodeSession[] {
		return this.#database
			.prepare('SELECT document FROM sessions WHERE job_id = ? ORDER BY node')
			.all(jobId)
			.map((row) => nodeSessionSchema.parse(JSON.parse(String(row['document']))));
	}
}

const readJob = (row: Record<string, unknown>): TrainingJob =>
	trainingJobSchema.parse(JSON.parse(String(row['document'])));
