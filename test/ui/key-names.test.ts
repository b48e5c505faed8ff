import type { Key } from 'ink';
import { expect, test } from 'vitest';
import { keyNames } from '../../source/ui/key-names.ts';

const none: Key = {
	upArrow: false,
	downArrow: false,
	leftArrow: false,
	rightArrow: false,
	pageDown: false,
	pageUp: false,
	home: false,
	end: false,
	return: false,
	escape: false,
	ctrl: false,
	shift: false,
	tab: false,
	backspace: false,
	delete: false,
	meta: false,
	super: false,
	hyper: false,
	capsLock: false,
	numLock: false,
};

test.each<[string, string, Partial<Key>, string[]]>([
	['a letter', 'e', {}, ['e']],
	['a capital', 'E', { shift: true }, ['E']],
	['space', ' ', {}, ['space']],
	['control', 'u', { ctrl: true }, ['ctrl-u']],
	['an arrow', '', { upArrow: true }, ['up']],
	['an arrow with shift', '', { downArrow: true, shift: true }, ['shift-down']],
	['enter', '\r', { return: true }, ['enter']],
	['fast typing in one piece', '45\r\x7f\x03', {}, ['4', '5', 'enter', 'backspace', 'ctrl-c']],
	['alt', 'e', { meta: true }, []],
	['a release', 'e', { eventType: 'release' }, []],
	['a key without text', '', {}, []],
])('%s', (_, input, key, names) => expect(keyNames(input, { ...none, ...key })).toEqual(names));
