import { conditionsOf, patternLabel } from './filters.ts';
import { fitSegments, safeText, segmentsWidth } from './fit.ts';
import type { Line } from './header.ts';
import { type CommandId, type KeyBinding, keyLabel, keyTable, type Scope } from './keys.ts';
import { linesBelow, selectionOf } from './log-view.ts';
import { noticeOf, noticeSegment } from './notice.ts';
import { countMatches } from './search.ts';
import type { MonitorState } from './state.ts';
import type { Segment } from './tone.ts';

/** `12345` -> `12 345`: digits in threes. */
export const formatCount = (count: number): string =>
	String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ');

/** From here on the footer also says what goes without saying. */
const roomyColumns = 100;

const dim = (text: string): Segment => ({ text, tone: 'dim' });

const modeOf = (state: MonitorState): Segment => {
	const { overlay } = state;
	if (overlay?.kind === 'select') {
		const count = state.shown.count(...selectionOf(overlay));
		const text = `▌ ${formatCount(count)} ${count === 1 ? 'line' : 'lines'} chosen`;
		return { text, tone: 'accent', strong: true };
	}
	if (state.view.mode === 'follow') return { text: '▼ follow', tone: 'accent', strong: true };
	const below = linesBelow(state);
	const plus = below.isPartial ? '+' : '';
	const rest = below.new > 0 ? `${formatCount(below.new)} new` : formatCount(below.all) + plus;
	const text = below.all > 0 ? `❚❚ paused · ${rest} below` : '❚❚ paused';
	return { text, tone: 'warn', strong: true };
};

/** `3 of 128`, and how far older lines were searched. */
const searchOf = (state: MonitorState): readonly Segment[] => {
	const { search, log, logFirst } = state;
	if (search === null) return [];
	const { at, of, isPartial, progress } = countMatches(search, log, logFirst);
	const count = `${formatCount(at)} of ${formatCount(of)}${isPartial ? '+' : ''}`;
	const label = safeText(patternLabel(search.pattern.source));
	const isSearching = isPartial && search.isWhole;
	return [
		dim(' · '),
		{ text: `${label} ${of === 0 && !isPartial ? 'not found' : count}`, tone: 'accent' },
		...(isSearching ? [dim(` ${Math.floor(progress * 100)} % searched`)] : []),
		...(search.error === null
			? []
			: [{ text: ` older lines: ${safeText(search.error)}`, tone: 'bad' as const }]),
	];
};

/** Each filter, and how many lines of those in memory all of them hide. */
const filtersOf = (state: MonitorState): readonly Segment[] => {
	const { filters, log, shown, isFolded } = state;
	const labels = conditionsOf(filters).map(({ label }) => safeText(label));
	if (isFolded) labels.push('tracebacks folded');
	if (labels.length === 0) return [];
	const hidden = Math.max(0, log.lines - shown.count(log.first ?? 0, log.last));
	const some = shown.isPartial ? ' …' : ` · ${formatCount(hidden)} hidden`;
	return [{ text: ` · ${labels.join(' · ')}`, tone: 'accent' }, dim(some)];
};

/** What the log shows of what there is. Nothing that is missing goes unsaid. */
const logOf = (state: MonitorState): readonly Segment[] => {
	const { log, columns } = state;
	const lost = state.lostLines + log.skipped;
	return [
		...filtersOf(state),
		...searchOf(state),
		dim(` · ${formatCount(log.lines)} lines`),
		...(columns < roomyColumns || state.filters.node !== null ? [] : [dim(' · all nodes')]),
		...(state.wrap ? [dim(' · wrap')] : []),
		...(log.evicted > 0 ? [dim(` · ${formatCount(log.evicted)} evicted`)] : []),
		...(lost > 0 ? [{ text: ` · ${formatCount(lost)} lost`, tone: 'bad' as const }] : []),
		...(state.pages.loading === null ? [] : [dim(' · loading lines')]),
	];
};

/** The message, unless it is long and stands above the footer; else the task under way. */
const newsOf = (state: MonitorState): readonly Segment[] => {
	const notice = noticeOf(state);
	if (notice !== null && notice.rows.length === 1) return [noticeSegment(notice, 0)];
	const task = state.tasks.at(-1);
	return task === undefined ? [] : [{ text: ` ${safeText(task.label)}`, tone: 'accent' }];
};

/** Hints in the order in which they are worth their room. */
const hintOrder: readonly CommandId[] = ['help', 'extend', 'ssh', 'trigger', 'follow', 'copy'];

/** `e extend` for each command that has words for the footer, the most useful first kept. */
export const hintsOf = (
	scope: Scope,
	room: number,
	table: readonly KeyBinding[] = keyTable,
): readonly Segment[] => {
	const hints = table
		.filter((binding) => binding.scope === scope && binding.short !== null)
		.map((binding) => ({ id: binding.id, segments: hintOf(binding) }));
	const rank = (id: CommandId): number => {
		const at = hintOrder.indexOf(id);
		return at === -1 ? hintOrder.length : at;
	};
	let left = room;
	const kept = new Set<CommandId>();
	for (const { id, segments } of hints.toSorted((a, b) => rank(a.id) - rank(b.id))) {
		left -= segmentsWidth(segments);
		if (left < 0) break;
		kept.add(id);
	}
	return hints.filter(({ id }) => kept.has(id)).flatMap(({ segments }) => segments);
};

const hintOf = ({ keys, short }: KeyBinding): readonly Segment[] => [
	{ text: keyLabel(keys[0] ?? ''), tone: 'accent', strong: true },
	dim(` ${short}  `),
];

/** The footer's line; `isBusy`: a spinner belongs before it, which takes two cells. */
export type Footer = Line & { readonly isBusy: boolean };

/** How the log is shown, or what there is to tell; and the keys that fit beside it. */
export const footerOf = (state: MonitorState, table: readonly KeyBinding[] = keyTable): Footer => {
	const news = newsOf(state);
	const mode = modeOf(state);
	const words =
		news.length === 0
			? [dim(' '), mode, ...(state.overlay?.kind === 'select' ? [] : logOf(state))]
			: [...news, ...(state.view.mode === 'paused' ? [dim('  '), mode] : [])];
	const isBusy = noticeOf(state)?.rows.length !== 1 && state.tasks.length > 0;
	const columns = state.columns - (isBusy ? 2 : 0);
	const left = fitSegments(words, columns - 1);
	const room = columns - segmentsWidth(left) - 2;
	return { left, right: hintsOf(state.overlay?.kind ?? 'screen', room, table), isBusy };
};
