import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import { keyTable } from '../../source/monitor/keys.ts';
import type { MonitorState } from '../../source/monitor/state.ts';
import { Screen } from '../../source/ui/Screen.tsx';
import { ColourContext } from '../../source/ui/theme.ts';
import { now } from '../monitor/fixtures.ts';

/** The rows of a drawn screen, with their colours. */
export const frameOf = (state: MonitorState, hasColour = true, at = now): string[] => {
	const { lastFrame, unmount } = render(
		<ColourContext value={hasColour}>
			<Screen state={state} now={at} keys={keyTable} />
		</ColourContext>,
	);
	const frame = lastFrame() ?? '';
	unmount();
	return frame.split('\n');
};

/** The rows as a reader sees them. */
export const textOf = (state: MonitorState, at = now): string[] =>
	frameOf(state, true, at).map((row) => stripVTControlCharacters(row).trimEnd());
