import type { MetricsReply } from '../contract/metrics.ts';
import type { NodeSession, SessionTrigger } from '../contract/session.ts';
import type { TrainingJob } from '../contract/training-job.ts';

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
	/** Puts text into the user's clipboard. */
	readonly copy: (text: string) => Promise<void>;
	readonly stopJob: () => Promise<void>;
	/** What the nodes use: the last minutes. */
	readonly metrics: () => Promise<MetricsReply>;
	/** All jobs of the server, the newest first. */
	readonly listJobs: () => Promise<readonly TrainingJob[]>;
	/** Shows another job in place of this one, which keeps its place. */
	readonly showJob: (job: TrainingJob) => void;
	/** Asks for the page of lines before a cursor; answers with `page` or `page-failed`. */
	readonly loadOlder: (beforeSeq: number) => void;
	/** Bell and desktop notification, for a user who looks elsewhere. */
	readonly notify: (text: string) => void;
	readonly quit: () => void;
};
