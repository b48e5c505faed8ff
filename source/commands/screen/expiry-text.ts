import type { InteractiveSession } from '../../contract/session.ts';
import { formatRemaining, remainingMs } from '../../monitor/expiry.ts';

/** When a session ends, in the words of a message. `serverNow`: epoch ms of the server's clock. */
export const expiryText = (
	{ expires_at: at, timeout_minutes: minutes }: InteractiveSession,
	serverNow: number,
): string => {
	const remaining = remainingMs(at, serverNow, 0);
	if (remaining === null) return `has ${minutes ?? 'its'} min once it is active`;
	return `expires in ${formatRemaining(remaining)}`;
};
