import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Segment } from '../monitor/tone.ts';
import { useLook } from './theme.ts';

/** Pieces of text in a row, each in its tone. */
export const Segments = ({ segments }: { readonly segments: readonly Segment[] }): ReactNode => {
	const look = useLook();
	return (
		<Text>
			{segments.map(({ text, tone, strong }, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line have no identity
				<Text key={index} {...look(tone, strong)}>
					{text}
				</Text>
			))}
		</Text>
	);
};

type Properties = {
	readonly columns: number;
	readonly left: readonly Segment[];
	readonly right: readonly Segment[];
	/** Drawn before the left end. */
	readonly children?: ReactNode;
};

/** One line of the screen with something at each end. What it is given fits. */
export const Line = ({ columns, left, right, children }: Properties): ReactNode => (
	<Box width={columns} height={1} flexShrink={0} justifyContent="space-between">
		<Box flexShrink={0}>
			{children}
			<Segments segments={left} />
		</Box>
		<Box flexShrink={0}>
			<Segments segments={right} />
		</Box>
	</Box>
);
