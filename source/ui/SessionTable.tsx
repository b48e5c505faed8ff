import { Box, Text } from 'ink';
import { Table } from 'ink-table';
import { createContext, memo, type ReactNode, useContext } from 'react';
import type { SessionTable as SessionTableModel, TableRow } from '../monitor/session-table.ts';
import { useLook } from './theme.ts';

/** The row that a cell belongs to: ink-table tells a cell its column and text only. */
const RowContext = createContext<Pick<TableRow, 'isSelected' | 'tones'>>({
	isSelected: false,
	tones: [],
});
const RowsContext = createContext<readonly TableRow[]>([]);

type CellProperties = { readonly column: number; readonly children?: ReactNode };
type PlainProperties = { readonly children?: ReactNode };

const Cell = ({ children, column }: CellProperties): ReactNode => {
	const look = useLook();
	const { isSelected, tones } = useContext(RowContext);
	return <Text {...look(tones[column] ?? 'plain', isSelected)}>{children}</Text>;
};

const Quiet = ({ children }: PlainProperties): ReactNode => {
	const look = useLook();
	return <Text {...look('dim')}>{children}</Text>;
};

/** ink-table without a rule between rows, which would halve the nodes that fit. */
class DenseTable extends Table<Record<string, string>> {
	static override contextType = RowsContext;
	declare context: readonly TableRow[];

	override render(): ReactNode {
		const columns = this.getColumns();
		const rule = { columns, data: {} };
		return (
			<Box flexDirection="column" flexShrink={0}>
				{this.header({ key: 'header', ...rule })}
				{this.heading({ key: 'heading', columns, data: this.getHeadings() })}
				{this.separator({ key: 'separator', ...rule })}
				{this.props.data.map((data, index) => (
					<RowContext
						key={data['node']}
						value={this.context[index] ?? { isSelected: false, tones: [] }}
					>
						{this.data({ key: String(index), columns, data })}
					</RowContext>
				))}
				{this.footer({ key: 'footer', ...rule })}
			</Box>
		);
	}
}

/** For low terminals: a line per node, and nothing else. */
const PlainTable = ({ headings, rows }: SessionTableModel): ReactNode => (
	<Box flexDirection="column" flexShrink={0}>
		{rows.map((row) => (
			<RowContext key={row.cells['node']} value={row}>
				<Box flexShrink={0}>
					{headings.map((heading, column) => (
						<Cell key={heading} column={column}>
							{`${row.cells[heading]}${column === headings.length - 1 ? '' : '  '}`}
						</Cell>
					))}
				</Box>
			</RowContext>
		))}
	</Box>
);

const FramedTable = ({ headings, rows }: SessionTableModel): ReactNode => (
	<RowsContext value={rows}>
		<DenseTable
			data={rows.map(({ cells }) => cells)}
			columns={[...headings]}
			header={Quiet}
			cell={Cell}
			skeleton={Quiet}
		/>
	</RowsContext>
);

/** The nodes and their sessions. Drawn anew only when a text in it has changed. */
export const SessionTable = memo(
	({ table }: { readonly table: SessionTableModel }): ReactNode =>
		table.isFramed ? <FramedTable {...table} /> : <PlainTable {...table} />,
	(before, after) => JSON.stringify(before.table) === JSON.stringify(after.table),
);
