import type { Snapshot } from '../contract/feeds.ts';
import { everyLine, type LineFilter } from '../contract/line-filter.ts';
import type { MetricsReply } from '../contract/metrics.ts';
import type { PatternText } from '../contract/pattern.ts';
import type { SessionTrigger } from '../contract/session.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { AgentView } from './agent.ts';
import type { Feed, FeedHealth } from './connection.ts';
import type { Warned } from './expiry.ts';
import { LineIndex } from './line-index.ts';
import { LogRing } from './log-ring.ts';
import { defaultRingLimits, type RingLimits } from './ring-limits.ts';
import type { Search } from './search.ts';

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
	/** `page`: from 0, counted on when there are more keys than rows. */
	| { readonly kind: 'help'; readonly page: number }
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
	| { readonly kind: 'metrics'; readonly reply: MetricsReply | null }
	| PatternPrompt
	/** A place in the log is being named; `error`: why it was refused. */
	| { readonly kind: 'goto'; readonly text: string; readonly error: string | null }
	/** The list of filters, to remove one. */
	| { readonly kind: 'filters'; readonly choice: number }
	/** Lines are being chosen: from one cursor to the other, in either order. */
	| { readonly kind: 'select'; readonly from: number; readonly to: number }
	/** The name of a file is being typed. `isWhole`: all lines, whatever the filters. */
	| {
			readonly kind: 'save';
			readonly text: string;
			readonly isWhole: boolean;
			readonly error: string | null;
	  };

/** A pattern that is being typed: to search for, or to filter by. */
export type PatternPrompt = {
	readonly kind: 'pattern';
	readonly use: 'search' | 'include' | 'exclude';
	readonly text: string;
	readonly isPlain: boolean;
	/** What is wrong with the pattern, null while nothing is. */
	readonly error: string | null;
	/** What the screen goes back to when the prompt is left. */
	readonly before: Pick<MonitorState, 'view' | 'search'>;
};

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

/** Pages of lines, each by its key: the one under way, and those that asking for again is no use. */
export type PageRequests = { readonly loading: string | null; readonly barren: readonly string[] };

/** A place that the screen goes to as soon as its lines are here. */
export type Jump = {
	readonly seq: number;
	/** Whether to show lines before it as well. */
	readonly isCentred: boolean;
};

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
	readonly jump: Jump | null;
	/** The line that the last jump went to, for as long as the screen stays where it was then. */
	readonly landed: { readonly seq: number; readonly top: Anchor } | null;
	readonly filters: LineFilter;
	/** Whether a traceback shows its first line and the exception only. */
	readonly isFolded: boolean;
	/** The lines of the log that are shown. Mutable, as the log is. */
	readonly shown: LineIndex;
	readonly search: Search | null;
	/** What was searched for last, to take up again. */
	readonly lastPattern: PatternText | null;
	/** Cursors of lines that the reader has marked, rising. */
	readonly bookmarks: readonly number[];
	/** First cursor of the server's log, as far as it is known. */
	readonly logFirst: number;
	readonly wrap: boolean;
	readonly timestamps: boolean;
	/** Whether the terminal sends what the mouse's wheel does. */
	readonly hasMouse: boolean;
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
	readonly hasMouse?: boolean;
};

/** The state before anything has arrived. */
export const initialState = ({
	job,
	enterFlags = '',
	columns,
	rows,
	limits = defaultRingLimits,
	hasMouse = false,
}: InitialState): MonitorState => {
	const log = new LogRing(limits);
	return {
		job,
		enterFlags,
		snapshot: null,
		clockOffset: 0,
		log,
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
		jump: null,
		landed: null,
		filters: everyLine,
		isFolded: false,
		shown: new LineIndex(log, { filter: everyLine, isFolded: false }),
		search: null,
		lastPattern: null,
		bookmarks: [],
		logFirst: 1,
		wrap: false,
		timestamps: true,
		hasMouse,
		selected: 0,
		overlay: null,
		message: null,
		tasks: [],
		alert: null,
		agent: null,
		warned: {},
		columns,
		rows,
	};
};
