import { Box, Text } from 'ink';
import { type ReactNode, useContext } from 'react';
import { layoutOf } from '../monitor/layout.ts';
import { nodeCells, visibleRows } from '../monitor/log-view.ts';
import type { MonitorState } from '../monitor/state.ts';
import { logRowText } from './log-row-text.ts';
import { ColourContext, useLook } from './theme.ts';

const emptyText = ({ filter, log, snapshot }: MonitorState): string => {
	if (filter !== null && log.lines > 0)
		return `No lines of node ${filter} here. a shows all nodes.`;
	return snapshot === null ? 'Connecting …' : 'No lines yet.';
};

/** The log: a `Text` for each row, which is cut to the width already. */
export const LogPane = ({ state }: { readonly state: MonitorState }): ReactNode => {
	const hasColour = useContext(ColourContext);
	const look = useLook();
	const rows = visibleRows(state);
	const style = {
		timestamps: state.timestamps,
		nodeCells: nodeCells(state),
		levelCells: 0,
		hasColour,
	};
	return (
		<Box flexDirection="column" flexShrink={0} height={layoutOf(state).logRows}>
			{rows.length === 0 && <Text {...look('dim')}> {emptyText(state)}</Text>}
			{rows.map((row, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a place on the screen is redrawn, not moved
				<Text key={index}>{logRowText(row, style) || ' '}</Text>
			))}
		</Box>
	);
};
