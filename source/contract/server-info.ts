import { z } from 'zod';

/** Reply of `GET /v1/signalbox`, which only a signalbox server answers. */
export const serverInfoSchema = z.object({
	name: z.literal('signalbox'),
	version: z.string(),
	/** Name of the plane that runs the jobs, e.g. `local`. */
	plane: z.string(),
	/** ISO time of the server's clock. */
	server_time: z.string(),
});
export type ServerInfo = z.output<typeof serverInfoSchema>;
