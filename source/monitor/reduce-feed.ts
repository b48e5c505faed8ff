import type { Gap, LogRecordsReply, Snapshot } from '../contract/feeds.ts';
import type { LogRecord } from '../contract/log.ts';
import type { NodeSession } from '../contract/session.ts';
import { hasEnded, statusLabel } from '../contract/status.ts';
import type { FeedAction } from './actions.ts';
import type { Feed } from './connection.ts';
import { withAlert } from './reduce-tick.ts';
import type { MonitorState } from './state.ts';

/** Level of the lines that stand in the log where lines are missing. */
export const gapLevel = 'GAP';
const rememberedBarren = 64;

/** Applies what a feed or a page of lines brought. */
export const reduceFeed = (state: MonitorState, action: FeedAction): MonitorState => {
	switch (action.type) {
		case 'snapshot':
			return applySnapshot(heard(state, 'sessions', action.at), action.snapshot, action.at);
		case 'records':
			return applyRecords(heard(state, 'log', action.at), action.records, action.at);
		case 'gap':
			return applyGap(heard(state, 'log', action.at), action.gap);
		case 'heard':
			return heard(state, action.feed, action.at);
		case 'link': {
			const { heardAt } = state.health[action.feed];
			const at = action.link.kind === 'live' ? action.at : heardAt;
			const health = { ...state.health, [action.feed]: { link: action.link, heardAt: at } };
			return { ...state, health };
		}
		case 'page-asked':
			return { ...state, pages: { ...state.pages, loading: action.before } };
		case 'page':
			return applyPage(state, action.before, action.reply);
		case 'page-failed':
			return settlePage(state, action.before, false);
	}
};

/** Whatever comes over a feed proves that it is live. */
const heard = (state: MonitorState, feed: Feed, at: number): MonitorState => ({
	...state,
	health: { ...state.health, [feed]: { link: { kind: 'live' }, heardAt: at } },
});

/** The place that a paused reader is at, for the ring to keep. */
const focusOf = ({ view }: MonitorState): number | null =>
	view.mode === 'paused' ? view.top.seq : null;

const applyRecords = (
	state: MonitorState,
	records: readonly LogRecord[],
	at: number,
): MonitorState => {
	const newest = records.at(-1);
	const { added } = state.log.append(records, focusOf(state));
	if (added === 0 || newest === undefined) return state;
	const written = Number(newest.timestamp) / 1e6;
	const lag = Math.max(0, at + state.clockOffset - written);
	return { ...state, logVersion: state.logVersion + 1, lag, lineAt: at };
};

/** A line in the log says where lines are missing, and why; it takes the last missing cursor. */
const applyGap = (state: MonitorState, { from, to, reason }: Gap): MonitorState => {
	const { log } = state;
	const lost = to - Math.max(from - 1, log.last);
	if (lost <= 0) return state;
	log.skipTo(to - 1);
	const message = `${lost} ${lost === 1 ? 'line is' : 'lines are'} missing here: ${reason}`;
	const mark = { seq: to, timestamp: '', message, replica: null, level: gapLevel };
	log.append([mark], focusOf(state));
	return { ...state, logVersion: state.logVersion + 1, lostLines: state.lostLines + lost };
};

const applyPage = (state: MonitorState, before: number, reply: LogRecordsReply): MonitorState => {
	const { log } = state;
	const first = log.first;
	const added = log.insertPage(reply.records, before, focusOf(state));
	const isOlder = first === null || (log.first ?? first) < first;
	const isProgress = added > 0 && (isOlder || before !== first);
	const next = settlePage(state, before, isProgress);
	return added === 0 ? next : { ...next, logVersion: state.logVersion + 1 };
};

const settlePage = (state: MonitorState, before: number, isProgress: boolean): MonitorState => {
	const { loading, barren } = state.pages;
	return {
		...state,
		pages: {
			loading: loading === before ? null : loading,
			barren: isProgress ? barren : [...barren, before].slice(-rememberedBarren),
		},
	};
};

const applySnapshot = (state: MonitorState, snapshot: Snapshot, at: number): MonitorState => {
	const serverTime = Date.parse(snapshot.server_time);
	const clockOffset = Number.isNaN(serverTime) ? state.clockOffset : serverTime - at;
	const nodes = snapshot.sessions.map(({ node }) => node);
	const selected = nodes.includes(state.selected) ? state.selected : (nodes[0] ?? 0);
	const next = { ...state, snapshot, clockOffset, selected };
	const news = state.snapshot === null ? [] : newsOf(state.snapshot, snapshot);
	if (news.length === 0) return next;
	const hasFailed = snapshot.job.current_status.endsWith('FAILED');
	return withAlert(next, hasFailed ? 'error' : 'info', news.join(' · '), at);
};

/** What a user wants to be told of: an end, and why. */
const newsOf = (before: Snapshot, after: Snapshot): readonly string[] => {
	const { current_status: status, error_message: error } = after.job;
	const news: string[] = [];
	if (hasEnded(status) && status !== before.job.current_status) {
		news.push(`job ${statusLabel(status)}${error === null ? '' : `: ${error}`}`);
	}
	for (const session of after.sessions) {
		const was = before.sessions.find(({ node }) => node === session.node);
		if (was !== undefined && isOver(session) && !isOver(was)) {
			const why = session.reason === null ? '' : `: ${session.reason}`;
			news.push(`node ${session.node}: session ${session.state}${why}`);
		}
	}
	return news;
};

const isOver = ({ state }: NodeSession): boolean => state === 'expired' || state === 'ended';
