import type { LineFilter } from '../contract/line-filter.ts';
import type { MetricsReply } from '../contract/metrics.ts';
import type { NodeSession, SessionTrigger } from '../contract/session.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { Goto } from '../monitor/goto.ts';
import type { HistoryLook, PageRequest } from '../monitor/requests.ts';

/** A place in the log that only the server can find: by time, or the next error from a cursor. */
export type LogPlace =
	| Exclude<Goto, { kind: 'line' }>
	| { readonly kind: 'error'; readonly after: number }
	| { readonly kind: 'error'; readonly before: number };

/** Runs `work` while the terminal belongs to it; afterwards the screen is as it was before. */
export type Suspend = (work: () => Promise<void>) => Promise<void>;

/**
 * What the keys can set off. The screen shows a spinner until a promise settles, and a rejection's
 * message as an error; anything else worth telling (`extended node 0 to 3h 02m`) is dispatched by
 * the command itself as a `message` action.
 */
export type Commands = {
	/** Adds minutes to the session of a node (by rank) or of all. Never repeated by the screen. */
	readonly extend: (node: number | 'all', minutes: number) => Promise<void>;
	readonly changeTrigger: (node: number, trigger: SessionTrigger) => Promise<void>;
	/**
	 * Opens a shell on a node. Signs first, with the screen still up, then calls `suspend` once for
	 * the time in which ssh has the terminal.
	 */
	readonly ssh: (node: number, suspend: Suspend) => Promise<void>;
	/** Opens a shell on a node in a window of the terminal multiplexer; the screen stays. */
	readonly sshInWindow: (node: number) => Promise<void>;
	/** Lets the user add keys to the ssh agent, in place of the screen for that time. */
	readonly addKeys: (suspend: Suspend) => Promise<void>;
	readonly openUrl: (url: string) => Promise<void>;
	/** Opens VS Code or Cursor inside a node. */
	readonly openEditor: (session: NodeSession) => Promise<void>;
	/** Puts text into the user's clipboard. `label`: what it is, when it is long. */
	readonly copy: (text: string, label?: string) => Promise<void>;
	readonly stopJob: () => Promise<void>;
	/** What the nodes use: the last minutes. */
	readonly metrics: () => Promise<MetricsReply>;
	/** All jobs of the server, the newest first. */
	readonly listJobs: () => Promise<readonly TrainingJob[]>;
	/** Shows another job in place of this one, which keeps its place. */
	readonly showJob: (job: TrainingJob) => void;
	/** Asks for a page of lines; answers with `page` or `page-failed`. */
	readonly loadPage: (request: PageRequest) => void;
	/** Looks through older lines for a search; answers with `matches` or `matches-failed`. */
	readonly findMatches: (look: HistoryLook) => void;
	/** The cursor of a place in the log; null when there is none such. */
	readonly cursorOf: (place: LogPlace) => Promise<number | null>;
	/** Saves the log in a file, all of it or what the filters let through. Tells its progress. */
	readonly saveLog: (file: string, filter: LineFilter) => Promise<void>;
	/** Opens the log, as the filters let it through, in `$PAGER` or `$EDITOR`. */
	readonly openLog: (
		program: 'pager' | 'editor',
		filter: LineFilter,
		suspend: Suspend,
	) => Promise<void>;
	/** Whether the terminal sends what the mouse's wheel does. */
	readonly setMouse: (isOn: boolean) => void;
	/** Bell and desktop notification, for a user who looks elsewhere. */
	readonly notify: (text: string) => void;
	readonly quit: () => void;
};
