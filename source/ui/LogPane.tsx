import { Box, Text } from 'ink';
import { type ReactNode, useContext, useInsertionEffect } from 'react';
import { conditionsOf } from '../monitor/filters.ts';
import { fitText, safeText } from '../monitor/fit.ts';
import { layoutOf } from '../monitor/layout.ts';
import { levelCells } from '../monitor/level-sign.ts';
import { nodeCells, visibleRows } from '../monitor/log-view.ts';
import { sgrReset } from '../monitor/sgr.ts';
import type { MonitorState } from '../monitor/state.ts';
import { drawnRow } from './log-row-text.ts';
import { SurfaceContext } from './surface.ts';
import { ColourContext } from './theme.ts';

/** Rows of the screen above the table. */
const headerRows = 1;

const emptyText = ({ filters, log, shown, view, snapshot, pages }: MonitorState): string => {
	if (log.lines === 0) return snapshot === null ? 'Connecting …' : 'No lines yet.';
	const isAway = view.mode === 'paused' && !log.covers(view.top.seq);
	if (shown.isPartial || isAway || pages.loading !== null) return 'Looking …';
	const labels = conditionsOf(filters).map(({ label }) => label);
	return `No lines here with ${labels.join(', ')}. F removes a filter.`;
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
	const { timestamps, columns } = state;
	const style = { timestamps, nodeCells: nodeCells(state), levelCells, hasColour };
	const rows = visible.map((row) => drawnRow(row, style));
	if (rows.length === 0) {
		const text = fitText(safeText(emptyText(state)), columns - 1);
		rows.push(`\x1b[2m ${text}${sgrReset}`);
	}
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
