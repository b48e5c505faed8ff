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
	readonly page: number;
};

/** From here on there is room for three columns, and so for all keys at once. */
const wideColumns = 120;

/** All keys of the screen, from the table that they are defined in. */
export const Help = ({ table, columns, rows, page }: Properties): ReactNode => {
	const look = useLook();
	const groupOf = (group: KeyBinding['group']): readonly KeyBinding[] =>
		table.filter((binding) => binding.scope === 'screen' && binding.group === group);
	const first: readonly Group[] = [
		{ title: 'Session', bindings: groupOf('session') },
		{ title: 'Screen', bindings: groupOf('screen') },
	];
	const log: readonly Group[] = [{ title: 'Log', bindings: groupOf('log') }];
	const find: readonly Group[] = [{ title: 'Find', bindings: groupOf('find') }];
	const isWide = columns >= wideColumns;
	const pages = isWide ? [[first, log, find]] : [[first, log], [find]];
	const shown = pages[page % pages.length] ?? [];
	const width = Math.min(44, Math.floor((columns - 4) / (isWide ? 3 : 2)));
	const heights = shown.map((groups) =>
		groups.reduce((sum, { bindings }) => sum + bindings.length + 1, 0),
	);
	const isTight = rows < Math.max(...heights) + 3;
	const gap = isTight ? 0 : 1;
	const isCut = rows - 1 < Math.max(...heights);
	const more = [
		...(pages.length > 1
			? [`page ${(page % pages.length) + 1} of ${pages.length}: space turns it`]
			: []),
		...(isCut ? ['a taller terminal shows all keys'] : []),
	];
	return (
		<Box flexDirection="column" flexShrink={0} height={rows}>
			<Box height={rows - 1} flexShrink={0} overflow="hidden" paddingX={1} paddingTop={gap}>
				{shown.map((groups) => (
					<Box
						key={groups[0]?.title}
						flexDirection="column"
						flexShrink={0}
						width={width}
						marginRight={1}
						rowGap={gap}
					>
						{groups.map((group) => (
							<Section key={group.title} {...group} columns={width} />
						))}
					</Box>
				))}
			</Box>
			<Text {...look('dim')}>{fitText(` ${more.join(' · ')}`, columns)}</Text>
		</Box>
	);
};
