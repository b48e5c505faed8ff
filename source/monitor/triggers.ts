import { type NodeSession, type SessionTrigger, sessionTriggers } from '../contract/session.ts';

/** A line of the trigger menu. `refusal`: why this change is impossible, null when it is not. */
export type TriggerChoice = {
	readonly trigger: SessionTrigger;
	/** What the trigger means for this session, for a reader who is about to choose it. */
	readonly effect: string;
	readonly refusal: string | null;
};

const effects: Readonly<Record<SessionTrigger, string>> = {
	on_startup: 'active now; can not be changed afterwards',
	on_failure: 'keeps the node when its command fails',
	on_demand: 'active once somebody connects',
};

const refusalFor = (session: NodeSession, trigger: SessionTrigger): string | null => {
	if (session.session_id === null) return 'the job was created without interactive sessions';
	if (session.state === 'expired') return 'the session has expired';
	if (session.state === 'ended') return 'the session has ended';
	if (session.trigger === trigger) return 'already the trigger';
	// Baseten refuses it: a session that was active from the start has nothing left to trigger.
	if (session.trigger === 'on_startup') return 'on_startup can not be changed';
	return null;
};

/** All triggers with what speaks against each. A trigger that the plane does not know stays open. */
export const triggerChoices = (session: NodeSession): readonly TriggerChoice[] =>
	sessionTriggers.map((trigger) => ({
		trigger,
		effect: effects[trigger],
		refusal: refusalFor(session, trigger),
	}));
