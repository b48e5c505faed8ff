import { Box, Text } from 'ink';
import { type ReactNode, useContext, useInsertionEffect } from 'react';
import { layoutOf } from '../monitor/layout.ts';
import { nodeCells, visibleRows } from '../monitor/log-view.ts';
import { sgrReset } from '../monitor/sgr.ts';
import type { MonitorState } from '../monitor/state.ts';
import { logRowText } from './log-row-text.ts';
import { SurfaceContext } from './surface.ts';
import { ColourContext } from './theme.ts';

/** Rows of the screen above the table. */
const headerRows = 1;

const emptyText = ({ filter, log, snapshot }: MonitorState): string => {
	if (filter !== null && log.lines > 0)
		return `No lines of node ${filter} here. a shows all nodes.`;
	return snapshot === null ? 'Connecting …' : 'No lines yet.';
};

/**
 * The log. Where there is a surface for its rows, they go there, and Ink only leaves room for them:
 * laying them out costs it more than all the rest. Else there is a `Text` for each row, which is
 * cut to the width already.
 */
export const LogPane = ({ state }: { readonly state: MonitorState }): ReactNode => {
	const hasColour = useContext(ColourContext);
	const surface = useContext(SurfaceContext);
	const { tableRows, logRows } = layoutOf(state);
	const visible = visibleRows(state);
	const style = { timestamps: state.timestamps, nodeCells: nodeCells(state), hasColour };
	const rows = visible.map((row) => logRowText(row, style));
	if (rows.length === 0) rows.push(`\x1b[2m ${emptyText(state)}${sgrReset}`);
	// Before Ink draws what has changed: layout effects would come after it.
	useInsertionEffect(() => {
		surface?.show({ top: headerRows + tableRows, height: logRows, rows });
		return () => surface?.show(null);
	});
	return (
		<Box flexDirection="column" flexShrink={0} height={logRows}>
			{surface === null &&
				rows.map((row, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a place on the screen is redrawn, not moved
					<Text key={index}>{row || ' '}</Text>
				))}
		</Box>
	);
};
