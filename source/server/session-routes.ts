import { type AuthCode, type NodeSession, patchSessionSchema } from '../contract/session.ts';
import { type App, jobOf, jobRoute, type ServerContext } from './context.ts';
import { readBody } from './request-body.ts';

/**
 * The entry of a session that people can still enter, or could after its trigger fires. The
 * Baseten training API marks both codes as required strings, which ssh leaves empty.
 */
const authCode = (session: NodeSession): AuthCode[] => {
	const { session_id } = session;
	if (session_id === null || session.state === 'ended' || session.state === 'expired') return [];
	return [
		{
			session_id,
			replica_id: session.replica_id,
			auth_code: session.auth_code ?? '',
			auth_url: session.auth_url ?? '',
			generated_at: session.generated_at,
			tunnel_name: session.tunnel_name,
			expires_at: session.expires_at,
			working_directory: session.working_directory,
		},
	];
};

/** Interactive sessions, as the Baseten training API has them. */
export const addSessionRoutes = (app: App, context: ServerContext): void => {
	const { store, plane } = context;

	app.get(`${jobRoute}/auth_codes`, (c) => {
		const job = jobOf(context, c);
		return c.json({ auth_codes: store.jobs.sessions(job.id).flatMap(authCode) });
	});

	app.patch(`${jobRoute}/interactive_sessions/:session`, async (c) => {
		const job = jobOf(context, c);
		const patch = await readBody(c, patchSessionSchema);
		return c.json(await plane.patchSession(job.id, c.req.param('session'), patch));
	});
};
