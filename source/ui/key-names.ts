import type { Key } from 'ink';

const special: readonly (readonly [keyof Key, string])[] = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'escape'],
	['tab', 'tab'],
	['backspace', 'backspace'],
	['delete', 'delete'],
];

const characters: Readonly<Record<string, string>> = {
	' ': 'space',
	'\t': 'tab',
	'\n': 'enter',
	'\r': 'enter',
	'\x1b': 'escape',
	'\x7f': 'backspace',
	'\b': 'backspace',
};

const nameOf = (character: string): string => {
	const code = character.charCodeAt(0);
	const named = characters[character];
	if (named !== undefined) return named;
	return code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x60)}` : character;
};

/**
 * What Ink tells of a key press, as the key table names keys. Fast typing arrives in one piece,
 * so there may be several names.
 */
export const keyNames = (input: string, key: Key): readonly string[] => {
	// Kitty's protocol tells releases too; only a press is a command.
	if (key.eventType === 'release') return [];
	const found = special.find(([property]) => key[property] === true);
	if (found !== undefined) {
		const isVertical = key.upArrow || key.downArrow;
		return [key.shift && isVertical ? `shift-${found[1]}` : found[1]];
	}
	if (key.ctrl) return input === '' ? [] : [`ctrl-${input}`];
	return key.meta ? [] : Array.from(input, nameOf);
};
