import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { fitText } from '../monitor/fit.ts';
import { type KeyBinding, keysLabel } from '../monitor/keys.ts';
import { useLook } from './theme.ts';

type Group = { readonly title: string; readonly bindings: readonly KeyBinding[] };

const Section = ({ title, bindings, columns }: Group & { readonly columns: number }): ReactNode => {
	const look = useLook();
	const width = Math.max(...bindings.map((binding) => keysLabel(binding).length));
	return (
		<Box flexDirection="column" flexShrink={0}>
			<Text {...look('dim', true)}>{title}</Text>
			{bindings.map((binding) => (
				<Text key={binding.id}>
					<Text {...look('accent', true)}>{keysLabel(binding).padEnd(width)}</Text>
					{fitText(`  ${binding.description}`, columns - width)}
				</Text>
			))}
		</Box>
	);
};

type Properties = {
	readonly table: readonly KeyBinding[];
	readonly columns: number;
	readonly rows: number;
};

/** All keys of the screen, from the table that they are defined in. */
export const Help = ({ table, columns, rows }: Properties): ReactNode => {
	const groupOf = (group: KeyBinding['group']): readonly KeyBinding[] =>
		table.filter((binding) => binding.scope === 'screen' && binding.group === group);
	const width = Math.min(44, Math.floor((columns - 4) / 2));
	const room = rows >= 16 ? 1 : 0;
	return (
		<Box height={rows} flexShrink={0} overflow="hidden" paddingX={1} paddingTop={room}>
			<Box flexDirection="column" flexShrink={0} width={width} marginRight={2} rowGap={room}>
				<Section title="Session" bindings={groupOf('session')} columns={width} />
				<Section title="Screen" bindings={groupOf('screen')} columns={width} />
			</Box>
			<Box flexDirection="column" flexShrink={0} width={width}>
				<Section title="Log" bindings={groupOf('log')} columns={width} />
			</Box>
		</Box>
	);
};
