import type { Gap, LogMatchesReply, LogRecordsReply, Snapshot } from '../contract/feeds.ts';
import { isEveryLine } from '../contract/line-filter.ts';
import type { LogRecord } from '../contract/log.ts';
import type { NodeSession } from '../contract/session.ts';
import { hasEnded, statusLabel } from '../contract/status.ts';
import type { FeedAction } from './actions.ts';
import type { Feed } from './connection.ts';
import { findNearest } from './find.ts';
import { arrive } from './jump.ts';
import { endTop } from './log-view.ts';
import { withAlert } from './reduce-tick.ts';
import type { HistoryLook, PageRequest } from './requests.ts';
import { edgeOf, type Search } from './search.ts';
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
			return { ...state, pages: { ...state.pages, loading: action.request.key } };
		case 'page':
			return applyPage(state, action.request, action.reply);
		case 'page-failed':
			return settlePage({ ...state, jump: null }, action.request, false);
		case 'matches-asked':
			return withSearch(state, { isLooking: true });
		case 'matches':
			return applyMatches(state, action.look, action.reply);
		case 'matches-failed':
			return state.search?.history === action.look.search
				? withSearch(state, { isLooking: false, error: action.error })
				: state;
	}
};

const withSearch = (state: MonitorState, change: Partial<Search>): MonitorState =>
	state.search === null ? state : { ...state, search: { ...state.search, ...change } };

/** Whatever comes over a feed proves that it is live. */
const heard = (state: MonitorState, feed: Feed, at: number): MonitorState => ({
	...state,
	health: { ...state.health, [feed]: { link: { kind: 'live' }, heardAt: at } },
});

/** The place that lines are needed at, for the ring to keep; null for its newest lines only. */
const focusOf = (state: MonitorState): number | null => {
	if (state.view.mode === 'paused') return state.view.top.seq;
	// Under a filter the screen may reach farther back than the ring's newest lines.
	return isEveryLine(state.filters) ? null : (endTop(state)?.seq ?? state.log.last);
};

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

const applyPage = (
	state: MonitorState,
	request: PageRequest,
	reply: LogRecordsReply,
): MonitorState => {
	const { log, filters, jump } = state;
	// Filters that have changed meanwhile would leave lines out that are to be shown now.
	if (request.filter !== filters) return settlePage(state, request, true);
	const page = { ...reply, isFiltered: !isEveryLine(filters) };
	const isProgress = log.insertPage(page, jump?.seq ?? focusOf(state));
	const next = { ...settlePage(state, request, isProgress), logFirst: reply.first };
	return isProgress ? arrive({ ...next, logVersion: state.logVersion + 1 }) : next;
};

const settlePage = (
	state: MonitorState,
	{ key }: PageRequest,
	isProgress: boolean,
): MonitorState => {
	const { loading, barren } = state.pages;
	return {
		...state,
		pages: {
			loading: loading === key ? null : loading,
			barren: isProgress ? barren : [...barren, key].slice(-rememberedBarren),
		},
	};
};

/** A look at older lines that belongs to a search that is over changes nothing. */
const applyMatches = (
	state: MonitorState,
	{ search: asked, place }: HistoryLook,
	reply: LogMatchesReply,
): MonitorState => {
	const { search } = state;
	if (search?.history !== asked) return state;
	// Lines that the ring has are counted there.
	const to = Math.min(reply.to, edgeOf(state.log) - 1);
	const seqs = reply.seqs.filter((seq) => seq <= to);
	const isProgress = search.history.take({ seqs, from: reply.from, to });
	// The server has nothing there: what it says of its first line is what counts.
	const error = isProgress || 'before' in place ? null : 'the server has no such lines';
	const next = {
		...state,
		search: { ...search, isLooking: false, error },
		logFirst: isProgress ? reply.first : Math.max(reply.first, state.logFirst),
		logVersion: state.logVersion + 1,
	};
	// Somebody who searches for what is not in memory waits for it.
	return search.at === null && seqs.length > 0 ? findNearest(next) : next;
};

const applySnapshot = (state: MonitorState, snapshot: Snapshot, at: number): MonitorState => {
	const serverTime = Date.parse(snapshot.server_time);
	const clockOffset = Number.isNaN(serverTime) ? state.clockOffset : serverTime - at;
	const nodes = snapshot.sessions.map(({ node }) => node);
	const selected = nodes.includes(state.selected) ? state.selected : (nodes[0] ?? 0);
	const logFirst = snapshot.log.first === 0 ? state.logFirst : snapshot.log.first;
	const next = { ...state, snapshot, clockOffset, selected, logFirst };
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
