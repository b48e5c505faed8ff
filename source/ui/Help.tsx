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
	const look = useLook();
	const groupOf = (group: KeyBinding['group']): readonly KeyBinding[] =>
		table.filter((binding) => binding.scope === 'screen' && binding.group === group);
	const [session, screen, log] = [groupOf('session'), groupOf('screen'), groupOf('log')];
	const width = Math.min(44, Math.floor((columns - 4) / 2));
	const isTight = rows < Math.max(session.length + screen.length + 2, log.length + 1) + 2;
	const gap = isTight ? 0 : 1;
	return (
		<Box flexDirection="column" flexShrink={0} height={rows}>
			<Box
				height={rows - (isTight ? 1 : 0)}
				flexShrink={0}
				overflow="hidden"
				paddingX={1}
				paddingTop={gap}
			>
				<Box flexDirection="column" flexShrink={0} width={width} marginRight={2} rowGap={gap}>
					<Section title="Session" bindings={session} columns={width} />
					<Section title="Screen" bindings={screen} columns={width} />
				</Box>
				<Box flexDirection="column" flexShrink={0} width={width}>
					<Section title="Log" bindings={log} columns={width} />
				</Box>
			</Box>
			{isTight && <Text {...look('dim')}> … a taller terminal shows all keys</Text>}
		</Box>
	);
};
