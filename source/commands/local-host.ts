import { LocalPlane } from '../planes/local/local-plane.ts';
import { type Host, type HostOptions, openHost } from './host.ts';

/** A local plane with its server, in this process. */
export type LocalHost = Host<LocalPlane> & {
	/** `host:port` of the SSH proxy, null when nodes can not be entered. */
	readonly sshProxy: string | null;
	/** Why nodes can not be entered, null when they can. */
	readonly sshRefusal: string | null;
};

/** Opens a data directory and finds its jobs again. @throws Failure as `openHost` does. */
export const openLocalHost = async (options: HostOptions): Promise<LocalHost> => {
	const host = await openHost(
		options,
		(store) => new LocalPlane({ ...options, store }),
		(plane) => plane.sshProxy,
	);
	const { sshProxy, sshRefusal } = host.plane;
	return { ...host, sshProxy, sshRefusal };
};
