import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { formatRemaining, remainingMs } from '../monitor/expiry.ts';
import { conditionsOf } from '../monitor/filters.ts';
import { fitEnd, fitSegments, safeText } from '../monitor/fit.ts';
import { formatCount } from '../monitor/footer.ts';
import { gotoHint } from '../monitor/goto.ts';
import { jobsFor, pickerRows } from '../monitor/job-picker.ts';
import { layoutOf, pickerJobs } from '../monitor/layout.ts';
import { metricRows } from '../monitor/metric-rows.ts';
import { defaultMinutes, parseMinutes } from '../monitor/minutes.ts';
import { countMatches } from '../monitor/search.ts';
import { sessionOf } from '../monitor/session-rows.ts';
import type { MonitorState, Overlay } from '../monitor/state.ts';
import type { Segment } from '../monitor/tone.ts';
import { triggerChoices } from '../monitor/triggers.ts';
import { Segments } from './Line.tsx';
import { useLook } from './theme.ts';

type Properties = { readonly state: MonitorState; readonly now: number };
type Of<Kind extends Overlay['kind']> = Extract<Overlay, { kind: Kind }>;

const dim = (text: string): Segment => ({ text, tone: 'dim' });

const Rule = ({
	title,
	columns,
}: {
	readonly title: string;
	readonly columns: number;
}): ReactNode => {
	const look = useLook();
	return (
		<Text>
			<Text {...look('dim')}>── </Text>
			<Text bold>{title}</Text>
			<Text {...look('dim')}>{` ${'─'.repeat(Math.max(0, columns - title.length - 4))}`}</Text>
		</Text>
	);
};

/** What the typed minutes make of the time left, for one node. */
const previewOf = ({ state, now }: Properties, { target, text }: Of<'extend'>): string => {
	const parsed = parseMinutes(text);
	const session = target === 'all' ? null : sessionOf(state, target);
	const left = remainingMs(session?.expires_at ?? null, now, state.clockOffset);
	if ('error' in parsed || left === null) return '';
	const then = formatRemaining(Math.max(0, left) + parsed.minutes * 60_000);
	return `   ${formatRemaining(left)} left, then ${then}`;
};

const Extend = ({
	overlay,
	...rest
}: Properties & { readonly overlay: Of<'extend'> }): ReactNode => {
	const { text, error } = overlay;
	const line: readonly Segment[] = [
		{ text: '   add ', tone: 'plain' },
		text === '' ? dim(String(defaultMinutes)) : { text, tone: 'accent', strong: true },
		{ text: '▏', tone: 'accent' },
		{ text: ' minutes', tone: 'plain' },
		error === null ? dim(previewOf(rest, overlay)) : { text: `   ✕ ${error}`, tone: 'bad' },
	];
	return <Segments segments={fitSegments(line, rest.state.columns)} />;
};

const Trigger = ({
	state,
	overlay,
}: Properties & { readonly overlay: Of<'trigger'> }): ReactNode => {
	const session = sessionOf(state, overlay.node);
	return (session === null ? [] : triggerChoices(session)).map(({ trigger, effect, refusal }) => {
		const isChosen = trigger === overlay.choice;
		const line: readonly Segment[] = [
			{ text: isChosen ? ' ❯ ' : '   ', tone: 'accent', strong: true },
			{ text: trigger.padEnd(12), tone: refusal === null ? 'plain' : 'dim', strong: isChosen },
			dim(refusal === null ? effect : `– ${refusal}`),
		];
		return <Segments key={trigger} segments={fitSegments(line, state.columns)} />;
	});
};

const Stop = ({ state }: Properties): ReactNode => {
	const line: readonly Segment[] = [
		{ text: `   Stop ${state.snapshot?.job.id ?? state.job}? `, tone: 'bad', strong: true },
		{ text: 'All nodes and sessions end; only checkpoints stay.', tone: 'plain' },
	];
	return <Segments segments={fitSegments(line, state.columns)} />;
};

const Jobs = ({
	state,
	now,
	overlay,
}: Properties & { readonly overlay: Of<'jobs'> }): ReactNode => {
	const most = pickerJobs(state.rows);
	const rows = pickerRows(overlay, most, now + state.clockOffset);
	const width = Math.max(0, ...rows.map(({ id }) => id.length));
	const found =
		overlay.jobs === null ? '' : `   ${jobsFor(overlay).length} of ${overlay.jobs.length}`;
	const input: readonly Segment[] = [
		{ text: '   ', tone: 'plain' },
		overlay.text === ''
			? dim('type to filter')
			: { text: overlay.text, tone: 'accent', strong: true },
		{ text: '▏', tone: 'accent' },
		dim(found),
	];
	return (
		<>
			<Segments segments={fitSegments(input, state.columns)} />
			{rows.map(({ id, name, status, tone, age, isChosen }) => {
				const line: readonly Segment[] = [
					{ text: isChosen ? ' ❯ ' : '   ', tone: 'accent', strong: true },
					{ text: id.padEnd(width + 2), tone: 'plain', strong: isChosen },
					{ text: status.padEnd(14), tone },
					dim(age.padEnd(9)),
					{ text: name, tone: 'plain' },
				];
				return <Segments key={id} segments={fitSegments(line, state.columns)} />;
			})}
		</>
	);
};

const Metrics = ({
	state,
	overlay,
}: Properties & { readonly overlay: Of<'metrics'> }): ReactNode => {
	if (overlay.reply === null) return <Segments segments={[dim('   measuring')]} />;
	const rows = metricRows(overlay.reply, state.columns).slice(0, pickerJobs(state.rows));
	if (rows.length === 0) return <Segments segments={[dim('   nothing was measured yet')]} />;
	return rows.map(({ node, segments }) => (
		<Segments key={node} segments={fitSegments(segments, state.columns)} />
	));
};

/** A text that is being typed, with its end in sight, and what there is to say of it. */
const Prompt = ({
	state,
	label,
	text,
	hint,
	error,
}: {
	readonly state: MonitorState;
	readonly label: string;
	readonly text: string;
	readonly hint: string;
	readonly error: string | null;
}): ReactNode => {
	const shown = fitEnd(safeText(text), Math.floor(state.columns / 2));
	const line: readonly Segment[] = [
		{ text: `   ${label}`, tone: 'plain' },
		{ text: shown, tone: 'accent', strong: true },
		{ text: '▏', tone: 'accent' },
		error === null ? dim(`   ${hint}`) : { text: `   ✕ ${safeText(error)}`, tone: 'bad' },
	];
	return <Segments segments={fitSegments(line, state.columns)} />;
};

const uses = {
	search: 'search',
	include: 'only lines with',
	exclude: 'only lines without',
} as const;

const PatternLine = ({ state, overlay }: Properties & { readonly overlay: Of<'pattern'> }) => {
	const { text, isPlain, error, use } = overlay;
	const kind = isPlain ? 'plain text' : 'regular expression';
	const { search, log, logFirst } = state;
	const count = search === null ? null : countMatches(search, log, logFirst);
	const found =
		use !== 'search' || count === null || text === ''
			? ''
			: ` · ${formatCount(count.of)}${count.isPartial ? '+' : ''} in memory`;
	return (
		<Prompt
			{...{ state, text, error }}
			label={use === 'search' ? '/' : use === 'include' ? '&' : '!'}
			hint={text === '' ? `${kind}; capitals count once there are any` : `${kind}${found}`}
		/>
	);
};

const FilterList = ({ state, overlay }: Properties & { readonly overlay: Of<'filters'> }) => {
	const most = pickerJobs(state.rows);
	const from = Math.max(0, overlay.choice - most + 1);
	return conditionsOf(state.filters)
		.slice(from, from + most)
		.map(({ label }, index) => {
			const isChosen = from + index === overlay.choice;
			const line: readonly Segment[] = [
				{ text: isChosen ? ' ❯ ' : '   ', tone: 'accent', strong: true },
				{ text: safeText(label), tone: 'plain', strong: isChosen },
			];
			// biome-ignore lint/suspicious/noArrayIndexKey: filters may be equal, and stand in order
			return <Segments key={index} segments={fitSegments(line, state.columns)} />;
		});
};

const nodes = (target: number | 'all'): string =>
	target === 'all' ? 'all nodes' : `node ${target}`;

const contentOf = (
	state: MonitorState,
	now: number,
): { title: string; content: ReactNode } | null => {
	const { overlay } = state;
	switch (overlay?.kind) {
		case 'extend': {
			const content = <Extend state={state} now={now} overlay={overlay} />;
			return { title: `extend ${nodes(overlay.target)}`, content };
		}
		case 'trigger': {
			const content = <Trigger state={state} now={now} overlay={overlay} />;
			return { title: `trigger of node ${overlay.node}`, content };
		}
		case 'metrics':
			return { title: 'metrics', content: <Metrics state={state} now={now} overlay={overlay} /> };
		case 'jobs':
			return { title: 'jobs', content: <Jobs state={state} now={now} overlay={overlay} /> };
		case 'pattern':
			return {
				title: uses[overlay.use],
				content: <PatternLine state={state} now={now} overlay={overlay} />,
			};
		case 'goto': {
			const { text, error } = overlay;
			const content = <Prompt {...{ state, text, error }} label=":" hint={gotoHint} />;
			return { title: 'go to', content };
		}
		case 'filters':
			return {
				title: 'filters',
				content: <FilterList state={state} now={now} overlay={overlay} />,
			};
		case 'save': {
			const { text, error, isWhole } = overlay;
			const hint = isWhole ? 'the whole log' : 'the lines that the filters let through';
			const content = <Prompt {...{ state, text, error, hint }} label="" />;
			return { title: 'save the log as', content };
		}
		case 'stop':
			return { title: 'stop the job', content: <Stop state={state} now={now} /> };
		default:
			return null;
	}
};

/** What an overlay asks, at the foot of the log. Its keys stand in the footer. */
export const Panel = ({ state, now }: Properties): ReactNode => {
	const panel = contentOf(state, now);
	if (panel === null) return null;
	return (
		<Box flexDirection="column" flexShrink={0} height={layoutOf(state).panelRows}>
			<Rule title={panel.title} columns={state.columns} />
			{panel.content}
		</Box>
	);
};
