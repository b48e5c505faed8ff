import stringWidth from 'string-width';
import { type AgreedPiece, agreedPieces, withoutIgnorable } from './agreed-text.ts';

/**
 * Longest text kept of a line, in UTF-16 code units: a line is for reading, not for storage. It is
 * more than the local plane keeps of one, with the mark that says how much it left out.
 */
export const longestLine = 65_536 + 64;
/** Longest hyperlink target shown. */
const longestTarget = 2048;
const tabWidth = 8;

const beyondAscii = /[^\x20-\x7e]/;
const control = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;
/** Parameters, intermediates and final byte of a control sequence (ECMA-48, 5.4). */
const controlSequence = /([0-?]*)([ -/]*)([@-~]?)/y;
/** The rest of an escape sequence that is not one of the longer kinds (ECMA-35, 13.1). */
const shortEscape = /[ -/]*[0-~]?/y;
/** Line feed, next line, line separator, paragraph separator. */
const lineEnds = ['\n', '\x85', '\u2028', '\u2029'];
const feedOrTab = /[\t\n]/g;
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

/** Characters that reorder what stands around them. */
const override = /[\u202a-\u202e\u2066-\u2069]/g;
const withoutOverrides = (text: string): string => text.replace(override, '');

/** `\r` takes the cursor back to the left: of a progress bar only its newest state is left. */
const foldCarriageReturns = (line: string): string => {
	let end = line.length;
	while (end > 0 && line[end - 1] === '\r') end--;
	return end === 0 ? '' : line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
};

/** A change of style, and the place in the text before which it stands. */
type Style = { readonly at: number; readonly sequence: string };

/**
 * Makes a log line safe to show: colours (SGR) and line feeds stay; every other control sequence
 * is removed (among them clipboard, title and device requests); a hyperlink becomes its text and
 * its target; tabs are expanded; other C0 characters take caret form (`^G`); what remains is in a
 * form whose cells all terminals agree on ({@link agreedPieces}), and a colour changes only where
 * a character begins. What was cleaned stays the same. Takes linear time.
 */
export const cleanLogText = (raw: string): string => clean(raw, true);

/**
 * As {@link cleanLogText}, for text that is printed and not laid out: clusters of characters stay
 * as they are, since nothing depends on how many cells the reader's terminal gives them.
 */
export const printedLogText = (raw: string): string => clean(raw, false);

const clean = (raw: string, isLaidOut: boolean): string => {
	const cut = raw.length > longestLine ? `${raw.slice(0, longestLine)}…` : raw;
	if (!beyondAscii.test(cut)) return cut;
	const whole = cut.toWellFormed();
	const text = whole.includes('\r') ? whole.split('\n').map(foldCarriageReturns).join('\n') : whole;
	const unseen = isLaidOut ? withoutIgnorable : withoutOverrides;
	const { plain, styles } = new Reader(text, unseen).read();
	const asItIs = [{ from: 0, to: plain.length, form: null }];
	return arrange(plain, styles, isLaidOut ? agreedPieces(plain) : asItIs);
};

/** Puts a text without controls but tabs and line feeds together with its styles. */
const arrange = (
	plain: string,
	styles: readonly Style[],
	pieces: Iterable<AgreedPiece>,
): string => {
	let output = '';
	let next = 0;
	const addStyles = (upTo: number): void => {
		for (let style = styles[next]; style !== undefined && style.at <= upTo; ) {
			output += style.sequence;
			next += 1;
			style = styles[next];
		}
	};
	/** Cells since the last line feed, and what was added since they were counted. */
	let column = 0;
	let uncounted = '';
	const add = (text: string): void => {
		output += text;
		uncounted += text;
	};
	const addSlice = (from: number, to: number): void => {
		let at = from;
		for (let style = styles[next]; style !== undefined && style.at < to; style = styles[next]) {
			add(plain.slice(at, style.at));
			at = Math.max(at, style.at);
			addStyles(style.at);
		}
		add(plain.slice(at, to));
	};
	const addFeedOrTab = (at: number): void => {
		addStyles(at);
		if (plain[at] === '\n') {
			output += '\n';
			column = 0;
		} else {
			column += stringWidth(uncounted);
			const blank = ' '.repeat(tabWidth - (column % tabWidth));
			output += blank;
			column += blank.length;
		}
		uncounted = '';
	};
	for (const { from, to, form } of pieces) {
		if (form !== null) {
			addStyles(from);
			add(form);
			continue;
		}
		let at = from;
		for (const { index } of plain.slice(from, to).matchAll(feedOrTab)) {
			addSlice(at, from + index);
			addFeedOrTab(from + index);
			at = from + index + 1;
		}
		addSlice(at, to);
	}
	addStyles(plain.length);
	return output;
};

/** Takes the controls out of a text. */
class Reader {
	readonly #text: string;
	/** Takes out what shows nothing. */
	readonly #unseen: (text: string) => string;
	readonly #styles: Style[] = [];
	#at = 0;
	#plain = '';
	/** Target of the hyperlink that is open, '' for none. */
	#target = '';
	/** A search for a terminator that failed is not repeated: it would make the time quadratic. */
	#unterminated = { osc: false, string: false };

	constructor(text: string, unseen: (text: string) => string) {
		this.#text = text;
		this.#unseen = unseen;
	}

	read(): { readonly plain: string; readonly styles: readonly Style[] } {
		while (this.#at < this.#text.length) {
			control.lastIndex = this.#at;
			const found = control.exec(this.#text);
			this.#plain += this.#unseen(this.#text.slice(this.#at, found?.index ?? this.#text.length));
			if (found === null) break;
			this.#at = found.index;
			this.#control(found[0]);
		}
		this.#closeHyperlink();
		return { plain: this.#plain, styles: this.#styles };
	}

	#control(character: string): void {
		const code = character.charCodeAt(0);
		const opener = character === '\x1b' ? this.#text.slice(this.#at, this.#at + 2) : character;
		const kind = openers[opener];
		this.#at += kind === undefined ? 1 : opener.length;
		if (kind === 'csi') this.#controlSequence();
		else if (kind !== undefined) this.#controlString(kind);
		else if (character === '\x1b') this.#skip(shortEscape);
		else if (lineEnds.includes(character)) this.#plain += '\n';
		else if (character === '\t') this.#plain += character;
		else if (character === '\x7f') this.#plain += '^?';
		else if (code < 0x20) this.#plain += `^${String.fromCharCode(code + 0x40)}`;
	}

	#controlSequence(): void {
		const [, parameters = '', between = '', final = ''] = this.#skip(controlSequence);
		const isStyle = final === 'm' && between === '' && sgrParameters.test(parameters);
		if (isStyle) this.#styles.push({ at: this.#plain.length, sequence: `\x1b[${parameters}m` });
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
		if (this.#target !== '') this.#plain += this.#unseen(` <${this.#target}>`);
		this.#target = '';
	}

	#skip(pattern: RegExp): readonly (string | undefined)[] {
		pattern.lastIndex = this.#at;
		const match = pattern.exec(this.#text);
		this.#at += match?.[0].length ?? 0;
		return match ?? [];
	}
}
