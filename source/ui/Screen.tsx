import { Box, Text } from 'ink';
import Spinner from 'ink-spinner';
import type { ReactNode } from 'react';
import { fitText } from '../monitor/fit.ts';
import { footerOf } from '../monitor/footer.ts';
import { headerOf } from '../monitor/header.ts';
import type { KeyBinding } from '../monitor/keys.ts';
import { layoutOf, smallestColumns, smallestRows } from '../monitor/layout.ts';
import { noticeOf, noticeSegment } from '../monitor/notice.ts';
import { sessionTable } from '../monitor/session-table.ts';
import type { MonitorState } from '../monitor/state.ts';
import { Help } from './Help.tsx';
import { Line, Segments } from './Line.tsx';
import { LogPane } from './LogPane.tsx';
import { Panel } from './Panel.tsx';
import { SessionTable } from './SessionTable.tsx';
import { useLook } from './theme.ts';

type Properties = {
	readonly state: MonitorState;
	/** Ms of this machine's clock. */
	readonly now: number;
	readonly keys: readonly KeyBinding[];
};

const Footer = ({ state, keys }: Omit<Properties, 'now'>): ReactNode => {
	const look = useLook();
	const { left, right, isBusy } = footerOf(state, keys);
	return (
		<Line columns={state.columns} left={left} right={right}>
			{isBusy && (
				<Text {...look('accent')}>
					{' '}
					<Spinner />
				</Text>
			)}
		</Line>
	);
};

/** Says how much room is missing, and how the job stands. */
const TooSmall = ({ state, now }: Omit<Properties, 'keys'>): ReactNode => {
	const { columns } = state;
	const status = headerOf(state, now).left.map(({ text }) => text);
	const need = `needs ${smallestColumns}x${smallestRows}, has ${columns}x${state.rows}`;
	const lines = [
		status.join('').trim(),
		`Terminal too small: ${need}.`,
		'Make it larger, or q to quit.',
	];
	return lines.slice(0, state.rows).map((line) => <Text key={line}>{fitText(line, columns)}</Text>);
};

/** A message that is too long for the footer, above it. */
const Notice = ({ state }: { readonly state: MonitorState }): ReactNode => {
	const notice = noticeOf(state);
	if (notice === null) return null;
	return Array.from({ length: layoutOf(state).noticeRows }, (_, row) => (
		// biome-ignore lint/suspicious/noArrayIndexKey: rows of one text
		<Segments key={row} segments={[noticeSegment(notice, row)]} />
	));
};

const Body = ({ state, now, keys }: Properties): ReactNode => {
	const { tableRows, logRows } = layoutOf(state);
	if (state.overlay?.kind === 'help') {
		return (
			<>
				<Help
					table={keys}
					columns={state.columns}
					rows={tableRows + logRows}
					page={state.overlay.page}
				/>
				<Notice state={state} />
			</>
		);
	}
	return (
		<>
			<Box height={tableRows} flexShrink={0} flexDirection="column">
				<SessionTable table={sessionTable(state, now)} />
			</Box>
			<LogPane state={state} />
			<Panel state={state} now={now} />
			<Notice state={state} />
		</>
	);
};

/** The whole screen: exactly as high as the terminal, whatever there is to show. */
export const Screen = ({ state, now, keys }: Properties): ReactNode => {
	const { columns, rows } = state;
	return (
		<Box flexDirection="column" width={columns} height={rows} flexShrink={0}>
			{layoutOf(state).isTooSmall ? (
				<TooSmall state={state} now={now} />
			) : (
				<>
					<Line columns={columns} {...headerOf(state, now)} />
					<Body state={state} now={now} keys={keys} />
					<Footer state={state} keys={keys} />
				</>
			)}
		</Box>
	);
};
