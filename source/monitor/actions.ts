import type { Gap, LogMatchesReply, LogRecordsReply, Snapshot } from '../contract/feeds.ts';
import type { LineFilter } from '../contract/line-filter.ts';
import type { LogRecord } from '../contract/log.ts';
import type { MetricsReply } from '../contract/metrics.ts';
import type { TrainingJob } from '../contract/training-job.ts';
import type { AgentView } from './agent.ts';
import type { Feed, Link } from './connection.ts';
import type { HistoryLook, PageRequest } from './requests.ts';
import type { Jump, MessageKind, Overlay } from './state.ts';

/** What the feeds and the server's replies tell. `at`: ms of this machine's clock. */
export type FeedAction =
	| { readonly type: 'snapshot'; readonly snapshot: Snapshot; readonly at: number }
	| { readonly type: 'records'; readonly records: readonly LogRecord[]; readonly at: number }
	| { readonly type: 'gap'; readonly gap: Gap; readonly at: number }
	/** A heartbeat, or any other sign of life. */
	| { readonly type: 'heard'; readonly feed: Feed; readonly at: number }
	| { readonly type: 'link'; readonly feed: Feed; readonly link: Link; readonly at: number }
	| { readonly type: 'page-asked'; readonly request: PageRequest }
	| { readonly type: 'page'; readonly request: PageRequest; readonly reply: LogRecordsReply }
	| { readonly type: 'page-failed'; readonly request: PageRequest }
	| { readonly type: 'matches-asked' }
	/** `look`: the request that this answers. */
	| { readonly type: 'matches'; readonly look: HistoryLook; readonly reply: LogMatchesReply }
	| { readonly type: 'matches-failed'; readonly look: HistoryLook; readonly error: string };

/** What an action of the user's became. */
export type OutcomeAction =
	| {
			readonly type: 'message';
			readonly kind: MessageKind;
			readonly text: string;
			readonly at: number;
	  }
	| { readonly type: 'jobs'; readonly jobs: readonly TrainingJob[] }
	| { readonly type: 'metrics'; readonly reply: MetricsReply }
	| { readonly type: 'agent'; readonly agent: AgentView }
	| { readonly type: 'task-started'; readonly id: number; readonly label: string }
	| { readonly type: 'task-settled'; readonly id: number };

/** Gestures that change only the screen. */
export type ViewAction =
	| { readonly type: 'resize'; readonly columns: number; readonly rows: number }
	/** Negative is towards older lines. */
	| { readonly type: 'scroll'; readonly rows: number }
	| { readonly type: 'scroll-screens'; readonly screens: number }
	| { readonly type: 'top' }
	| { readonly type: 'bottom' }
	| { readonly type: 'toggle-follow' }
	| { readonly type: 'toggle-wrap' }
	| { readonly type: 'toggle-timestamps' }
	/** The same node again shows all nodes, and so does null. */
	| { readonly type: 'filter'; readonly node: number | null }
	| { readonly type: 'filters'; readonly filters: LineFilter }
	| { readonly type: 'toggle-fold' }
	/** Takes what was typed as the pattern. */
	| { readonly type: 'submit-pattern' }
	| { readonly type: 'toggle-plain' }
	| { readonly type: 'recall-pattern' }
	/** All lines, or those that the filters let through, are to be saved. */
	| { readonly type: 'toggle-whole' }
	| { readonly type: 'toggle-mouse' }
	/** Leaves the prompt with everything as it was before. */
	| { readonly type: 'cancel-pattern' }
	/** To the next match, or the one before. */
	| { readonly type: 'find'; readonly by: 1 | -1; readonly at: number }
	| { readonly type: 'end-search' }
	| ({ readonly type: 'jump' } & Jump)
	/** Marks the first line on the screen, or takes its mark away. */
	| { readonly type: 'bookmark' }
	/** To the next marked line, or the one before, and on from the other end. */
	| { readonly type: 'to-bookmark'; readonly by: 1 | -1; readonly at: number }
	/** Moves the end of the lines that are chosen, by lines or by screens. */
	| { readonly type: 'extend-selection'; readonly lines?: number; readonly screens?: number }
	/** The next lines are filtered and searched that have been in memory before. */
	| { readonly type: 'index-step' }
	| { readonly type: 'select'; readonly by: number }
	| { readonly type: 'open'; readonly overlay: Overlay }
	| { readonly type: 'close' }
	| { readonly type: 'type'; readonly text: string }
	| { readonly type: 'erase' }
	| { readonly type: 'refuse'; readonly error: string }
	| { readonly type: 'choose'; readonly by: number };

/** The clock's beat, once a second: messages fade, warnings of an expiry fire. */
export type TickAction = { readonly type: 'tick'; readonly now: number };

export type Action = FeedAction | OutcomeAction | ViewAction | TickAction;
