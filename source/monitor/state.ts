import type { Snapshot } from '../contract/feeds.ts';
import type { MetricsReply } from '../contract/metrics.ts';
import type { SessionTrigger } from '../contract/session.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { AgentView } from './agent.ts';
import type { Feed, FeedHealth } from './connection.ts';
import type { Warned } from './expiry.ts';
import { LogRing } from './log-ring.ts';
import { defaultRingLimits, type RingLimits } from './ring-limits.ts';

/** A place in the log: a line's cursor, and a row within it when long lines are wrapped. */
export type Anchor = { readonly seq: number; readonly row: number };

/**
 * Follow mode is changed by a gesture of the user only. While paused, `top` names the first row
 * on the screen, so neither new lines nor evicted ones can move what is being read.
 */
export type LogView =
	| { readonly mode: 'follow' }
	/** `seen`: the newest cursor at the time; what came later is new to the reader. */
	| { readonly mode: 'paused'; readonly top: Anchor; readonly seen: number };

/** The choice of another job: what was typed, and which line the cursor is on. */
export type JobPicker = {
	readonly text: string;
	readonly choice: number;
	/** Null until the server has answered. */
	readonly jobs: readonly TrainingJob[] | null;
};

/** What lies over the screen and takes the keys. Null: nothing does. */
export type Overlay =
	| { readonly kind: 'help' }
	| {
			readonly kind: 'extend';
			/** The rank of a node, or all of them. */
			readonly target: number | 'all';
			readonly text: string;
			/** Why the text was refused, null until it was. */
			readonly error: string | null;
	  }
	| { readonly kind: 'trigger'; readonly node: number; readonly choice: SessionTrigger }
	| { readonly kind: 'stop' }
	| ({ readonly kind: 'jobs' } & JobPicker)
	/** `reply` is null until the server has answered. */
	| { readonly kind: 'metrics'; readonly reply: MetricsReply | null };

export type MessageKind = 'info' | 'ok' | 'warn' | 'error';
export type Message = {
	readonly kind: MessageKind;
	readonly text: string;
	/** Ms of this machine's clock. */
	readonly at: number;
};

/** An action under way, shown with a spinner until it is settled. */
export type Task = { readonly id: number; readonly label: string };

/** Something to tell even to a user who looks elsewhere. `serial` rises with each alert. */
export type Alert = { readonly serial: number; readonly text: string };

/** Pages of older lines: the one under way, and cursors before which asking again is no use. */
export type PageRequests = { readonly loading: number | null; readonly barren: readonly number[] };

/** All that a screen shows. Times are ms of this machine's clock unless a name says otherwise. */
export type MonitorState = {
	/** What was asked for, shown until the first snapshot says more. */
	readonly job: string;
	/** Flags that a command needs to reach the same server, e.g. `--data-dir /tmp/demo`. */
	readonly enterFlags: string;
	readonly snapshot: Snapshot | null;
	/** Ms to add to this machine's clock to get the server's. */
	readonly clockOffset: number;
	/**
	 * The log itself is mutable: a copy of 100 000 lines per batch would cost more than all the rest.
	 * Only the reducer changes it, and each change raises `logVersion`, which is what tells two
	 * states apart.
	 */
	readonly log: LogRing;
	readonly logVersion: number;
	/** Ms from the writing of the newest line to its arrival, null before there is one. */
	readonly lag: number | null;
	/** When the newest line arrived. */
	readonly lineAt: number | null;
	/** Lines that the server said it can not deliver any more. */
	readonly lostLines: number;
	readonly pages: PageRequests;
	readonly health: Readonly<Record<Feed, FeedHealth>>;
	readonly view: LogView;
	/** Rank of the only node whose lines are shown, null for all. */
	readonly filter: number | null;
	readonly wrap: boolean;
	readonly timestamps: boolean;
	/** Rank of the node that the keys act on. */
	readonly selected: number;
	readonly overlay: Overlay | null;
	readonly message: Message | null;
	readonly tasks: readonly Task[];
	readonly alert: Alert | null;
	/** Null until it was looked at. */
	readonly agent: AgentView | null;
	/** By session: the expiry that was warned of, and the lowest threshold (minutes) so far. */
	readonly warned: Readonly<Record<string, Warned>>;
	/** Size of the terminal in cells. */
	readonly columns: number;
	readonly rows: number;
};

export type InitialState = {
	readonly job: string;
	readonly enterFlags?: string;
	readonly columns: number;
	readonly rows: number;
	readonly limits?: RingLimits;
};

/** The state before anything has arrived. */
export const initialState = ({
	job,
	enterFlags = '',
	columns,
	rows,
	limits = defaultRingLimits,
}: InitialState): MonitorState => ({
	job,
	enterFlags,
	snapshot: null,
	clockOffset: 0,
	log: new LogRing(limits),
	logVersion: 0,
	lag: null,
	lineAt: null,
	lostLines: 0,
	pages: { loading: null, barren: [] },
	health: {
		log: { link: { kind: 'connecting' }, heardAt: null },
		sessions: { link: { kind: 'connecting' }, heardAt: null },
	},
	view: { mode: 'follow' },
	filter: null,
	wrap: false,
	timestamps: true,
	selected: 0,
	overlay: null,
	message: null,
	tasks: [],
	alert: null,
	agent: null,
	warned: {},
	columns,
	rows,
});
