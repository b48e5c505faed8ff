/**
 * How many cells a cluster of characters takes is in dispute: terminals that go by character give
 * 👩‍👩‍👧 six, those that go by cluster two; ❤️ has one or two; a zero-width space none or one.
 * Whoever counts otherwise than the terminal draws the rest of a row in the wrong place, over the
 * right edge and so into the next row at worst. No count is right for all terminals, and asking
 * the terminal would make it answer into the keys. So text of the screen is brought into a form
 * whose cells are agreed, and what such a form can not say is left out (it is in the log all the
 * same, and in what commands print):
 *
 * - What shows nothing goes: joiners, variation selectors, soft hyphens, tags, marks of direction.
 *   Joined emoji stand side by side; a sign with an emoji form keeps the form for text.
 * - A skin tone goes from its emoji, a keycap from its digit.
 * - What is composed of parts is composed (NFC), which makes syllables of Hangul's letters.
 * - Marks without a letter get the dotted circle; a letter keeps at most {@link mostMarks}.
 * - What remains in dispute shows its number: `<U+0601>`. So do code points that are not assigned,
 *   since the terminal may know them by a later Unicode.
 *
 * Then no terminal takes more cells than `string-width` counts, unless its Unicode is older than a
 * mark. One may take fewer, as old ones do for emoji: see `steadyColumns`. Characters of ambiguous
 * width are counted as narrow, as the frame of the screen itself consists of them.
 */

/**
 * Characters of one code unit that have the same cells everywhere and join none before them: no
 * need to look closer at texts of these. In one cell: letters of Latin, Greek, Cyrillic, Hebrew and
 * Arabic; punctuation, arrows, mathematics, frames, blocks, Braille (spinners, plots).
 */
const oneCell =
	'\\x20-\\x7e\\xa0-\\xac\\xae-\\u02ff\\u0384-\\u038a\\u038e-\\u03a1\\u03a3-\\u0482\\u048a-\\u052f\\u05d0-\\u05ea\\u0620-\\u064a\\u1e00-\\u1eff\\u2010-\\u2027\\u2030-\\u205e\\u2190-\\u2319\\u2500-\\u25fc\\u2800-\\u28ff';
/** The same in two: Kana, ideographs, syllables of Hangul, wide Latin. */
const twoCells =
	'\\u3001-\\u3029\\u3041-\\u3096\\u30a1-\\u30fa\\u4e00-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff60';

/** Any character that may take another number of cells than one. */
export const beyondOneCell = new RegExp(`[^${oneCell}]`);
/** Any character that may join another, or that terminals may give other cells. */
export const beyondCalm = new RegExp(`[^${oneCell}${twoCells}]`);
/** A run of what has to be looked at, and the character before it, which it may join. */
const wildRun = new RegExp(`[^]?[^${oneCell}${twoCells}\\t\\n]+`, 'g');

/** Marks kept on one letter. More of them cover the lines above and below. */
const mostMarks = 8;
const nonJoiner = '\u200c';
const circle = '◌';

/** What shows nothing. The non-joiner stays: without it, words of Persian read otherwise. */
const ignorable = /(?!\u200c)\p{Default_Ignorable_Code_Point}/gu;
const anyMark = /^[\p{Mn}\p{Me}\u200c]$/u;
const spacingMark = /^[\p{Mc}\uff9e\uff9f]$/u;
const surplusMarks = new RegExp(`([\\p{Mn}\\p{Me}]{${mostMarks}})[\\p{Mn}\\p{Me}]+`, 'gu');
/** What takes its own cells only, whatever mark follows: by the one count, and not by the other. */
const closed = /^[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Script=Hangul}]/u;
const takesSkinTone = /^\p{Emoji_Modifier_Base}$/u;
const skinTone = /^\p{Emoji_Modifier}$/u;
const flag = /^\p{RGI_Emoji_Flag_Sequence}/v;
/** Letters of syllables of Hangul, vowels that merge into one sign, letters that join the next. */
const joining =
	'\\u1100-\\u11ff\\ua960-\\ua97f\\ud7b0-\\ud7ff\\u{16d63}-\\u{16d6a}\\u0d4e\\u{111c2}\\u{111c3}\\u{113d1}\\u{1193f}\\u{11941}\\u{11a84}-\\u{11a89}\\u{11d46}\\u{11f02}';
const disputed = new RegExp(
	`[\\p{Cf}\\p{Cn}\\p{Emoji_Modifier}\\p{Regional_Indicator}${joining}]`,
	'v',
);
/** Vowels of Thai and Lao that are a mark and a letter in one. */
const splitVowels: Readonly<Record<string, string>> = {
	'\u0e33': '\u0e4d\u0e32',
	'\u0eb3': '\u0ecd\u0eb2',
};
const splitVowel = /[\u0e33\u0eb3]/g;
/** Their second halves, which join nothing. */
const halfVowel = /[\u0e32\u0eb2]/;
/** Round a digit it makes an emoji, or not. */
const keycap = '\u20e3';
const keys = /^[\d#*]$/;
/** Whether a cluster needs any of this. */
const isOdd = new RegExp(`[\\p{M}\\u200c\\u0e33\\u0eb3\\uff9e\\uff9f]|${disputed.source}`, 'v');

const segmenter = new Intl.Segmenter();

const numberOf = (character: string): string => {
	const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
	return `<U+${number.padStart(4, '0')}>`;
};

/** Some marks take a cell of their own wherever they stand, and join nothing. */
const joinsBefore = (mark: string): boolean => [...segmenter.segment(`a${mark}`)].length === 1;

const composed = (cluster: string): string =>
	cluster
		// Composing takes the square of the time for a long run of marks.
		.replace(surplusMarks, '$1')
		.normalize('NFC')
		.replace(splitVowel, (vowel) => splitVowels[vowel] ?? '');

const agreedCluster = (cluster: string): string => {
	if (!isOdd.test(cluster)) return cluster;
	const [flagPart = ''] = flag.exec(cluster) ?? [];
	let form = flagPart;
	/** What a mark would join. */
	let base = flagPart;
	let marks = 0;
	let last = '';
	for (const character of composed(cluster.slice(flagPart.length))) {
		if (character === keycap && keys.test(base)) continue;
		const isSpacing = spacingMark.test(character) && (form !== '' || joinsBefore(character));
		if (isSpacing || anyMark.test(character)) {
			const isAlone = base === '' || (isSpacing && closed.test(base));
			if (character === nonJoiner ? base === '' || last === nonJoiner : marks >= mostMarks)
				continue;
			if (isAlone) {
				form += circle;
				base = circle;
			}
			form += character;
			if (character !== nonJoiner) marks += 1;
		} else if (skinTone.test(character) && takesSkinTone.test(base)) {
			continue;
		} else if (disputed.test(character)) {
			form += numberOf(character);
			base = '';
			marks = 0;
		} else {
			// A letter after a mark would join what is before.
			const isConjunct =
				marks > 0 && last !== nonJoiner && base !== '' && !halfVowel.test(character);
			form += isConjunct ? nonJoiner + character : character;
			base = character;
			marks = 0;
		}
		last = character;
	}
	return form;
};

/** A text without what shows nothing and may or may not take a cell. */
export const withoutIgnorable = (text: string): string =>
	beyondCalm.test(text) ? text.replace(ignorable, '') : text;

/** The clusters of a text, in order. */
export function* clustersOf(text: string): Generator<string> {
	let at = 0;
	for (const { 0: run, index } of text.matchAll(wildRun)) {
		if (!isOdd.test(run)) continue;
		yield* text.slice(at, index);
		for (const { segment } of segmenter.segment(run)) yield segment;
		at = index + run.length;
	}
	// None of what is left joins another.
	yield* text.slice(at);
}

/** A piece of a text: as it stands, or what stands for it. */
export type AgreedPiece = {
	/** Where it begins and ends in the text. A piece with a form of its own can not be divided. */
	readonly from: number;
	readonly to: number;
	readonly form: string | null;
};

/**
 * The pieces of a text in a form whose cells are agreed. The text has no control characters other
 * than tabs and line feeds, and nothing {@link withoutIgnorable} takes out. Takes linear time.
 */
export function* agreedPieces(text: string): Generator<AgreedPiece> {
	let at = 0;
	if (isOdd.test(text)) {
		for (const { 0: run, index } of text.matchAll(wildRun)) {
			if (!isOdd.test(run)) continue;
			if (index > at) yield { from: at, to: index, form: null };
			for (const { segment, index: offset } of segmenter.segment(run)) {
				const from = index + offset;
				const isPlain = segment === '\t' || segment === '\n';
				const form = isPlain ? null : agreedCluster(segment);
				yield { from, to: from + segment.length, form };
			}
			at = index + run.length;
		}
	}
	if (at < text.length) yield { from: at, to: text.length, form: null };
}

/** A text without control characters in a form whose cells all terminals agree on. */
export const agreedText = (text: string): string => {
	if (!beyondCalm.test(text)) return text;
	const whole = withoutIgnorable(text.toWellFormed());
	let agreed = '';
	for (const { from, to, form } of agreedPieces(whole)) agreed += form ?? whole.slice(from, to);
	return agreed;
};
