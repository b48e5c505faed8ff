/** What a terminal of the xterm family sends for keys, as xterm's "ctlseqs" lists it. */
const fixed: Readonly<Record<string, string>> = {
	enter: '\r',
	tab: '\t',
	'shift-tab': '\x1b[Z',
	escape: '\x1b',
	space: ' ',
	backspace: '\x7f',
	insert: '\x1b[2~',
	delete: '\x1b[3~',
	pageup: '\x1b[5~',
	pagedown: '\x1b[6~',
	'shift-up': '\x1b[1;2A',
	'shift-down': '\x1b[1;2B',
	'ctrl-up': '\x1b[1;5A',
	'ctrl-down': '\x1b[1;5B',
	'ctrl-space': '\0',
	f1: '\x1bOP',
	f2: '\x1bOQ',
	f3: '\x1bOR',
	f4: '\x1bOS',
	f5: '\x1b[15~',
};

/** Keys whose prefix depends on the application cursor keys mode. */
const cursorKeys: Readonly<Record<string, string>> = {
	up: 'A',
	down: 'B',
	right: 'C',
	left: 'D',
	home: 'H',
	end: 'F',
};

/**
 * The bytes of a key: a name (`enter`, `up`, `ctrl-c`, `alt-x`, …) or one character as it is.
 *
 * @param applicationCursorKeys whether the program has set DECCKM
 * @throws Error for a name that is not a key
 */
export const keySequence = (key: string, applicationCursorKeys: boolean): string => {
	const sequence = fixed[key];
	if (sequence !== undefined) return sequence;
	const cursorKey = cursorKeys[key];
	if (cursorKey !== undefined) return `${applicationCursorKeys ? '\x1bO' : '\x1b['}${cursorKey}`;
	const control = /^ctrl-([a-z[\\\]^_])$/.exec(key)?.[1];
	// Control characters are the letters' codes with the upper bits cleared.
	if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
	if (key.startsWith('alt-')) return `\x1b${keySequence(key.slice(4), applicationCursorKeys)}`;
	if ([...key].length === 1) return key;
	throw new Error(`unknown key "${key}"`);
};
