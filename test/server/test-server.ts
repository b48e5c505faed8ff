import { type RunningServer, type ServerOptions, startServer } from '../../source/server/server.ts';
import { Store } from '../../source/store/store.ts';
import { sampleJob, sampleMs, sampleRequest, sampleSession, sampleTime } from '../store/samples.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { createFakePlane, type FakePlane } from './fake-plane.ts';

export const testToken = 'test-token-1';
export const testJobPath = '/v1/training_projects/proj1/jobs/job1';

/** A real server over a real store with one project, one running job, and two nodes. */
export type TestServer = {
	/** Where the store lies. */
	readonly directory: string;
	readonly store: Store;
	readonly plane: FakePlane;
	readonly url: string;
	readonly token: string;
	/** Sends a request with the token; a body that is no string goes as JSON. */
	request(method: string, path: string, body?: unknown): Promise<Response>;
	/** Closes the HTTP server alone and starts another one on the same port and store. */
	restart(): Promise<void>;
	stop(): Promise<void>;
	close(): Promise<void>;
};

export const startTestServer = async (
	options: Partial<ServerOptions> = {},
): Promise<TestServer> => {
	const directory = temporaryDirectory();
	const store = Store.open(directory);
	store.putProject({
		id: 'proj1',
		name: 'digits',
		created_at: sampleTime,
		updated_at: sampleTime,
	});
	store.insertJob(sampleJob('job1'), sampleRequest(), [sampleSession(0), sampleSession(1)]);
	const plane = createFakePlane(store);
	const start = (port: number): Promise<RunningServer> =>
		startServer({ store, plane, token: testToken, port, clock: () => sampleMs, ...options });
	let server = await start(0);
	const { url } = server;
	return {
		directory,
		store,
		plane,
		url,
		token: testToken,
		request: (method, path, body) =>
			fetch(`${url}${path}`, {
				method,
				headers: { authorization: `Bearer ${testToken}` },
				...(body === undefined
					? {}
					: { body: typeof body === 'string' ? body : JSON.stringify(body) }),
			}),
		restart: async () => {
			await server.close();
			server = await start(Number(new URL(url).port));
		},
		stop: () => server.close(),
		close: async () => {
			await server.close();
			store.close();
		},
	};
};
