import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { LogQuery } from '../../source/contract/log.ts';
import type { AuthCode, InteractiveSession } from '../../source/contract/session.ts';
import type { TrainingJob } from '../../source/contract/training-job.ts';
import { trainingJobSchema } from '../../source/contract/training-job.ts';
import { LogBook } from './log-book.ts';

/** A fault that takes the place of an answer. */
export type Fault =
	| { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
	| 'cut'
	/** Sends the beginning of a body and then nothing for a while. */
	| 'slow';

export type DoubleJob = {
	job: TrainingJob;
	codes: AuthCode[];
	/** What only the reply of a PATCH shows. */
	readonly sessions: Map<string, InteractiveSession>;
	readonly book: LogBook;
};

/**
 * Baseten's training API over HTTP, built from its documents alone and from nothing of the local
 * plane: what it does not tell here, it does not tell there.
 */
export class BasetenDouble {
	readonly key = 'baseten-key';
	readonly jobs = new Map<string, DoubleJob>();
	/** `GET /path` of each request, without the query. */
	readonly requests: string[] = [];
	readonly authorizations: (string | undefined)[] = [];
	/** Faults for requests whose `METHOD /path` matches, each once. */
	readonly faults: { readonly match: RegExp; readonly fault: Fault }[] = [];
	/** What `queue_context` answers, by job; 403 without. */
	readonly queues = new Map<string, unknown>();
	readonly secrets = new Map<string, { readonly name: string }>();
	/** Ms by which its clock is ahead. */
	aheadMs = 0;
	url = '';

	#server: Server | undefined;

	/** Listens on a port of the loopback interface, a free one unless told. Rejects when it is taken. */
	static async listen(port = 0): Promise<BasetenDouble> {
		const double = new BasetenDouble();
		const server = createServer((request, response) => {
			void double.#answer(request).then((answer) => {
				if (answer === 'cut') {
					request.socket.destroy();
					return;
				}
				if (answer === 'slow') {
					response.writeHead(200, { 'content-type': 'application/json' });
					response.write('{"logs": [');
					setTimeout(() => response.end(']}'), 1_500).unref();
					return;
				}
				const { status, body, headers = {} } = answer;
				response.sendDate = false;
				response.writeHead(status, {
					date: new Date(double.now()).toUTCString(),
					'content-type': 'application/json',
					...headers,
				});
				response.end(typeof body === 'string' ? body : JSON.stringify(body));
			});
		});
		server.listen(port, '127.0.0.1');
		await once(server, 'listening');
		double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		double.#server = server;
		return double;
	}

	close(): void {
		this.#server?.close();
		this.#server?.closeAllConnections();
	}

	now(): number {
		return Date.now() + this.aheadMs;
	}

	addJob(id: string, changes: Partial<TrainingJob> = {}): DoubleJob {
		const at = new Date(this.now() - 60_000).toISOString();
		const job = trainingJobSchema.parse({
			id,
			created_at: at,
			updated_at: at,
			current_status: 'TRAINING_JOB_RUNNING',
			training_project_id: 'proj1',
			training_project: { id: 'proj1', name: 'llm' },
			...changes,
		});
		const made: DoubleJob = {
			job,
			codes: [],
			sessions: new Map(),
			book: new LogBook({ endIsIncluded: false }),
		};
		this.jobs.set(id, made);
		return made;
	}

	addSession(id: string, node: number, changes: Partial<AuthCode> = {}): void {
		const made = this.jobs.get(id);
		made?.codes.push({
			session_id: `s${node}`,
			replica_id: `g00r${node}`,
			auth_code: '',
			auth_url: '',
			generated_at: null,
			tunnel_name: null,
			expires_at: new Date(this.now() + 3_600_000).toISOString(),
			working_directory: '/b10/workspace',
			...changes,
		});
		made?.sessions.set(`s${node}`, {
			id: `s${node}`,
			trigger: 'on_demand',
			timeout_minutes: 60,
			session_provider: 'ssh',
			auth_provider: null,
			pod_name: String(node),
			expires_at: null,
			tunnel_name: null,
			auth_code: null,
			auth_url: null,
			auth_code_generated_at: null,
			authenticated_at: null,
			working_directory: null,
		});
	}

	print(id: string, message: string, { node = 0, late = 0 } = {}): void {
		const nowMs = this.now();
		this.jobs.get(id)?.book.write({
			timestamp: `${nowMs}${String(process.hrtime.bigint() % 1_000_000n).padStart(6, '0')}`,
			message,
			replica: `g00r${node}`,
			request_id: null,
			level: null,
			visibleMs: nowMs + late,
		});
	}

	async #answer(request: IncomingMessage): Promise<Fault> {
		const { pathname, searchParams } = new URL(request.url ?? '/', 'http://double');
		const line = `${request.method} ${pathname}`;
		this.requests.push(line);
		this.authorizations.push(request.headers.authorization);
		const at = this.faults.findIndex(({ match }) => match.test(line));
		const [found] = at === -1 ? [] : this.faults.splice(at, 1);
		if (found) return found.fault;
		const [scheme, key] = (request.headers.authorization ?? '').split(' ');
		if (!['Bearer', 'Api-Key'].includes(scheme ?? '') || key !== this.key) {
			return { status: 401, body: { error: 'invalid key' } };
		}
		const body = JSON.parse((await text(request)) || '{}');
		const ok = (reply: unknown): Fault => ({ status: 200, body: reply });
		if (line === 'POST /v1/training_jobs/search') {
			const jobs = [...this.jobs.values()].map(({ job }) => job);
			const wanted = jobs.filter(({ id }) => body.job_id == null || id === body.job_id);
			return ok({ training_jobs: wanted });
		}
		if (line === 'GET /v1/secrets') return ok({ secrets: [...this.secrets.values()] });
		if (line === 'POST /v1/secrets') {
			const made = {
				id: 'x',
				created_at: '2026-11-24T12:00:00Z',
				name: body.name,
				team_name: null,
			};
			this.secrets.set(body.name, made);
			return ok(made);
		}
		const [, secret = ''] = /^DELETE \/v1\/secrets\/(.+)$/.exec(line) ?? [];
		if (secret !== '') {
			return this.secrets.delete(secret)
				? ok({ name: secret })
				: { status: 404, body: { detail: `no secret ${secret}` } };
		}
		const [, queued] = /^\/v1\/training\/jobs\/(\w+)\/queue_context$/.exec(pathname) ?? [];
		if (queued !== undefined) {
			const queue = this.queues.get(queued);
			return queue === undefined
				? { status: 403, body: { error: 'for administrators' } }
				: ok(queue);
		}
		const [, id = '', rest = ''] =
			/^\/v1\/training_projects\/proj1\/jobs\/(\w+)(.*)$/.exec(pathname) ?? [];
		const made = this.jobs.get(id);
		if (!made) return { status: 404, body: [`Training job ${id} not found`] };
		const { job, codes, sessions, book } = made;
		if (line.startsWith('GET') && rest === '') {
			return ok({ training_project: job.training_project, training_job: job });
		}
		if (rest === '/auth_codes') return ok({ auth_codes: codes });
		if (rest === '/stop') {
			made.job = { ...job, current_status: 'TRAINING_JOB_STOPPED' };
			return ok({ training_job: made.job });
		}
		if (rest === '/logs') {
			// A query, or the body of the older POST.
			const asked = { ...Object.fromEntries(searchParams), ...body };
			const number = (name: string): number | null =>
				asked[name] == null ? null : Number(asked[name]);
			const limit = number('limit');
			if (limit !== null && (limit < 1 || limit > 1000)) {
				return { status: 422, body: { detail: 'limit must be 1 to 1000' } };
			}
			const start = number('start_epoch_millis');
			const end = number('end_epoch_millis');
			if (![start ?? 0, end ?? 0].every(Number.isInteger)) {
				return { status: 422, body: { detail: 'times must be whole ms' } };
			}
			const query: LogQuery = {
				start_epoch_millis: start,
				end_epoch_millis: end,
				direction: (asked.direction ?? null) as LogQuery['direction'],
				limit,
			};
			return ok({ logs: book.answer(query, this.now()) });
		}
		const [, sessionId = ''] = /^\/interactive_sessions\/(\w+)$/.exec(rest) ?? [];
		const session = sessions.get(sessionId);
		const code = codes.find(({ session_id }) => session_id === sessionId);
		if (line.startsWith('PATCH') && session && code) {
			if (body.trigger != null && session.trigger === 'on_startup') {
				return { status: 400, body: { message: 'on_startup cannot be changed' } };
			}
			const added = (body.timeout_minutes ?? 0) * 60_000;
			const expires = new Date(Date.parse(code.expires_at ?? '') + added).toISOString();
			codes.splice(codes.indexOf(code), 1, { ...code, expires_at: expires });
			const changed = {
				...session,
				trigger: body.trigger ?? session.trigger,
				timeout_minutes: (session.timeout_minutes ?? 0) + (body.timeout_minutes ?? 0),
				expires_at: expires,
			};
			sessions.set(sessionId, changed);
			return ok({ interactive_session: changed, message: 'updated' });
		}
		return { status: 404, body: { error: `no ${line}` } };
	}
}
