import type { Terminal } from '@xterm/headless';

/** Everything that a full-screen program changes and has to put back. */
export type Modes = {
	readonly alternateScreen: boolean;
	readonly cursorVisible: boolean;
	readonly applicationCursorKeys: boolean;
	readonly applicationKeypad: boolean;
	readonly bracketedPaste: boolean;
	readonly mouseTracking: 'none' | 'x10' | 'vt200' | 'drag' | 'any';
	readonly focusEvents: boolean;
	readonly synchronizedOutput: boolean;
	readonly autowrap: boolean;
	readonly insert: boolean;
	readonly origin: boolean;
	/** Entries that the program has pushed on the stack of the kitty keyboard protocol. */
	readonly kittyKeyboard: number;
};

/** The modes of a terminal that no program has touched. */
export const untouchedModes: Modes = {
	alternateScreen: false,
	cursorVisible: true,
	applicationCursorKeys: false,
	applicationKeypad: false,
	bracketedPaste: false,
	mouseTracking: 'none',
	focusEvents: false,
	synchronizedOutput: false,
	autowrap: true,
	insert: false,
	origin: false,
	kittyKeyboard: 0,
};

const cursorVisibility = 25;

/** Watches a terminal from its first byte on, as two of its modes have to be counted along. */
export const watchModes = (terminal: Terminal): (() => Modes) => {
	let cursorVisible = true;
	let kittyKeyboard = 0;
	const setVisible = (visible: boolean) => (params: (number | number[])[]) => {
		if (params.includes(cursorVisibility)) cursorVisible = visible;
		return false; // The terminal's own handler is next.
	};
	const { parser } = terminal;
	parser.registerCsiHandler({ prefix: '?', final: 'h' }, setVisible(true));
	parser.registerCsiHandler({ prefix: '?', final: 'l' }, setVisible(false));
	parser.registerCsiHandler({ prefix: '>', final: 'u' }, () => {
		kittyKeyboard++;
		return false;
	});
	parser.registerCsiHandler({ prefix: '<', final: 'u' }, ([count]) => {
		// No number, or 0, pops one entry; popping more than there are empties the stack.
		kittyKeyboard = Math.max(0, kittyKeyboard - (Number(count) || 1));
		return false;
	});
	const reset = (): boolean => {
		cursorVisible = true;
		kittyKeyboard = 0;
		return false;
	};
	parser.registerEscHandler({ final: 'c' }, reset);
	return () => {
		const { modes } = terminal;
		return {
			alternateScreen: terminal.buffer.active.type === 'alternate',
			cursorVisible,
			applicationCursorKeys: modes.applicationCursorKeysMode,
			applicationKeypad: modes.applicationKeypadMode,
			bracketedPaste: modes.bracketedPasteMode,
			mouseTracking: modes.mouseTrackingMode,
			focusEvents: modes.sendFocusMode,
			synchronizedOutput: modes.synchronizedOutputMode,
			autowrap: modes.wraparoundMode,
			insert: modes.insertMode,
			origin: modes.originMode,
			kittyKeyboard,
		};
	};
};
