import { z } from 'zod';
import { maybe } from './lenient.ts';

/** Body of `POST …/ssh/sign`. `replica_id` is the plain node index for training jobs. */
export const sshSignRequestSchema = z.object({
	public_key: z.string().max(16_384),
	replica_id: z.string().nullish(),
});
export type SshSignRequest = z.output<typeof sshSignRequestSchema>;

/**
 * Reply of `POST …/ssh/sign`. The last three fields are our own addition, which other clients skip:
 * a plane that can vouch for its host keys and that knows its login name says so.
 */
export const sshSignReplySchema = z.object({
	ssh_certificate: z.string(),
	jwt: z.string(),
	/** `host:port`, split at the last colon. */
	proxy_address: z.string(),
	ssh_cert_expires_at: z.string(),
	/** Public key line of the authority that signs host certificates. */
	host_authority: maybe(z.string()),
	/** Name to log in as, `baseten` when the plane does not say. */
	login_user: maybe(z.string()),
	/** Whether the proxy speaks TLS; when it is not said, all but loopback addresses do. */
	proxy_tls: maybe(z.boolean()),
});
export type SshSignReply = z.output<typeof sshSignReplySchema>;

/** Domain under which nodes are addressed; no DNS is needed for it. */
export const sshDomain = 'ssh.baseten.co';
export const defaultLoginUser = 'baseten';
