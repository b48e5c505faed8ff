import stringWidth from 'string-width';

/** Longest text kept of a line, in UTF-16 code units: a line is for reading, not for storage. */
export const longestLine = 65_536;
/** Longest hyperlink target shown. */
const longestTarget = 2048;
const tabWidth = 8;

const beyondAscii = /[^\x20-\x7e]/;
/** Controls, and the characters that reorder or break lines without being controls. */
const control = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** Parameters, intermediates and final byte of a control sequence (ECMA-48, 5.4). */
const controlSequence = /([0-?]*)([ -/]*)([@-~]?)/y;
/** The rest of an escape sequence that is not one of the longer kinds (ECMA-35, 13.1). */
const shortEscape = /[ -/]*[0-~]?/y;
const sgrParameters = /^[0-9;:]*$/;
const hyperlink = /^8;[^;]*;(.*)$/s;

/** Escape finals and their 8-bit forms: which kind of sequence they open. */
const openers: Readonly<Record<string, 'csi' | 'osc' | 'string'>> = {
	'\x1b[': 'csi',
	'\x9b': 'csi',
	'\x1b]': 'osc',
	'\x9d': 'osc',
	'\x1bP': 'string',
	'\x90': 'string',
	'\x1bX': 'string',
	'\x98': 'string',
	'\x1b^': 'string',
	'\x9e': 'string',
	'\x1b_': 'string',
	'\x9f': 'string',
};

/** `\r` takes the cursor back to the left: of a progress bar only its newest state is left. */
const foldCarriageReturns = (line: string): string => {
	let end = line.length;
	while (end > 0 && line[end - 1] === '\r') end--;
	return end === 0 ? '' : line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
};

/**
 * Makes a log line safe to show: colours (SGR) and line feeds stay; every other control sequence
 * is removed (among them clipboard, title and device requests); a hyperlink becomes its text and
 * its target; tabs are expanded; other C0 characters take caret form (`^G`). Takes linear time.
 */
export const cleanLogText = (raw: string): string => {
	const cut = raw.length > longestLine ? `${raw.slice(0, longestLine)}…` : raw;
	if (!beyondAscii.test(cut)) return cut;
	const text = cut.includes('\r') ? cut.split('\n').map(foldCarriageReturns).join('\n') : cut;
	return new Cleaner(text).run();
};

class Cleaner {
	readonly #text: string;
	#at = 0;
	#output = '';
	/** Cells since the last line feed, for tabs. */
	#column = 0;
	/** Target of the hyperlink that is open, '' for none. */
	#target = '';
	/** A search for a terminator that failed is not repeated: it would make the time quadratic. */
	#unterminated = { osc: false, string: false };

	constructor(text: string) {
		this.#text = text;
	}

	run(): string {
		while (this.#at < this.#text.length) {
			control.lastIndex = this.#at;
			const found = control.exec(this.#text);
			this.#show(this.#text.slice(this.#at, found?.index ?? this.#text.length));
			if (found === null) break;
			this.#at = found.index;
			this.#control(found[0]);
		}
		this.#closeHyperlink();
		return this.#output;
	}

	#show(text: string): void {
		this.#output += text;
		this.#column += stringWidth(text);
	}

	#control(character: string): void {
		const code = character.charCodeAt(0);
		const opener = character === '\x1b' ? this.#text.slice(this.#at, this.#at + 2) : character;
		const kind = openers[opener];
		this.#at += kind === undefined ? 1 : opener.length;
		if (kind === 'csi') this.#controlSequence();
		else if (kind !== undefined) this.#controlString(kind);
		else if (character === '\x1b') this.#skip(shortEscape);
		else if (character === '\n') {
			this.#output += character;
			this.#column = 0;
		} else if (character === '\t') this.#show(' '.repeat(tabWidth - (this.#column % tabWidth)));
		else if (character === '\x7f') this.#show('^?');
		else if (code < 0x20) this.#show(`^${String.fromCharCode(code + 0x40)}`);
	}

	#controlSequence(): void {
		const [, parameters = '', between = '', final = ''] = this.#skip(controlSequence);
		const isStyle = final === 'm' && between === '' && sgrParameters.test(parameters);
		if (isStyle) this.#output += `\x1b[${parameters}m`;
	}

	/** An operating system command, or a device control, privacy or application string. */
	#controlString(kind: 'osc' | 'string'): void {
		if (this.#unterminated[kind]) return;
		const terminator = kind === 'osc' ? /\x1b\\|\x9c|\x07/g : /\x1b\\|\x9c/g;
		terminator.lastIndex = this.#at;
		const end = terminator.exec(this.#text);
		if (end === null) {
			this.#unterminated[kind] = true;
			return;
		}
		const target = kind === 'osc' && hyperlink.exec(this.#text.slice(this.#at, end.index))?.[1];
		this.#at = end.index + end[0].length;
		if (target === false || target === undefined) return;
		this.#closeHyperlink();
		this.#target = target.replace(control, '').slice(0, longestTarget);
	}

	#closeHyperlink(): void {
		if (this.#target !== '') this.#show(` <${this.#target}>`);
		this.#target = '';
	}

	#skip(pattern: RegExp): readonly (string | undefined)[] {
		pattern.lastIndex = this.#at;
		const match = pattern.exec(this.#text);
		this.#at += match?.[0].length ?? 0;
		return match ?? [];
	}
}
