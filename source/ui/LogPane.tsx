import { Box, Text } from 'ink';
import { type ReactNode, useContext } from 'react';
import { conditionsOf } from '../monitor/filters.ts';
import { fitText, safeText } from '../monitor/fit.ts';
import { layoutOf } from '../monitor/layout.ts';
import { levelCells } from '../monitor/level-sign.ts';
import { nodeCells, visibleRows } from '../monitor/log-view.ts';
import type { MonitorState } from '../monitor/state.ts';
import { logRowText } from './log-row-text.ts';
import { ColourContext, useLook } from './theme.ts';

const emptyText = ({ filters, log, shown, view, snapshot, pages }: MonitorState): string => {
	if (log.lines === 0) return snapshot === null ? 'Connecting …' : 'No lines yet.';
	const isAway = view.mode === 'paused' && !log.covers(view.top.seq);
	if (shown.isPartial || isAway || pages.loading !== null) return 'Looking …';
	const labels = conditionsOf(filters).map(({ label }) => label);
	return `No lines here with ${labels.join(', ')}. F removes a filter.`;
};

/** The log: a `Text` for each row, which is cut to the width already. */
export const LogPane = ({ state }: { readonly state: MonitorState }): ReactNode => {
	const hasColour = useContext(ColourContext);
	const look = useLook();
	const rows = visibleRows(state);
	const style = {
		timestamps: state.timestamps,
		nodeCells: nodeCells(state),
		levelCells,
		hasColour,
	};
	return (
		<Box flexDirection="column" flexShrink={0} height={layoutOf(state).logRows}>
			{rows.length === 0 && (
				<Text {...look('dim')}> {fitText(safeText(emptyText(state)), state.columns - 1)}</Text>
			)}
			{rows.map((row, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a place on the screen is redrawn, not moved
				<Text key={index}>{logRowText(row, style) || ' '}</Text>
			))}
		</Box>
	);
};
