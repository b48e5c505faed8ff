import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { formatRemaining, remainingMs } from '../monitor/expiry.ts';
import { fitSegments } from '../monitor/fit.ts';
import { defaultMinutes, parseMinutes } from '../monitor/minutes.ts';
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

const nodes = (target: number | 'all'): string =>
	target === 'all' ? 'all nodes' : `node ${target}`;

/** What an overlay asks, at the foot of the log. Its keys stand in the footer. */
export const Panel = ({ state, now }: Properties): ReactNode => {
	const { overlay, columns } = state;
	switch (overlay?.kind) {
		case 'extend':
			return (
				<Box flexDirection="column" flexShrink={0}>
					<Rule title={`extend ${nodes(overlay.target)}`} columns={columns} />
					<Extend state={state} now={now} overlay={overlay} />
				</Box>
			);
		case 'trigger':
			return (
				<Box flexDirection="column" flexShrink={0}>
					<Rule title={`trigger of node ${overlay.node}`} columns={columns} />
					<Trigger state={state} now={now} overlay={overlay} />
				</Box>
			);
		case 'stop':
			return (
				<Box flexDirection="column" flexShrink={0}>
					<Rule title="stop the job" columns={columns} />
					<Stop state={state} now={now} />
				</Box>
			);
		default:
			return null;
	}
};
