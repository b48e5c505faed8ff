import type { NodeSession } from '../../contract/session.ts';

/**
 * Why nobody can enter a node by ssh now, as a sentence for people; null when they can. A waiting
 * `on_demand` session can be entered: that is what activates it.
 */
export const sshRefusal = (session: NodeSession): string | null => {
	const node = `node ${session.node}`;
	if (session.session_id === null) return 'The job was created without interactive sessions.';
	if (session.provider !== 'ssh')
		return `The session of ${node} is for ${session.provider}, not ssh.`;
	if (session.state === 'expired') return `The session of ${node} has expired.`;
	if (session.state === 'ended')
		return `The session of ${node} has ended: ${session.reason ?? ''}.`;
	if (session.container === 'starting') return `Node ${session.node} is still starting.`;
	if (session.container === 'ended') return `Node ${session.node} is gone.`;
	if (session.state === 'active' || session.trigger === 'on_demand') return null;
	return `The session of ${node} becomes active when its commands fail (trigger on_failure). Change the trigger to enter it now.`;
};
