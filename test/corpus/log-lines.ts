import type { Cell } from '../terminal/harness/cell.ts';

/** What some cells of a row look like, from a cell up to another. */
export type Painted = readonly [from: number, to: number, look: Partial<Cell>];

/** A line as a job prints it, and what the screen has to show of it. */
export type LogLineCase = {
	readonly name: string;
	/** Without the line feed at its end. */
	readonly bytes: string | Buffer;
	/** The whole text: a glyph for each character with its marks; `\n` where a row ends. */
	readonly shows: string;
	/** Cells that are not in the terminal's own colours; all others have to be plain. */
	readonly painted?: readonly Painted[];
};

const raw = (...bytes: readonly number[]): Buffer => Buffer.from(bytes);
const joined = (...parts: readonly (string | Buffer)[]): Buffer =>
	Buffer.concat(parts.map((part) => Buffer.from(part)));

const red: Partial<Cell> = { fg: 1 };
const long = 'abcdefghij'.repeat(12);

const colours: readonly LogLineCase[] = [
	{ name: 'plain ascii', bytes: 'step 12 {"loss": 0.33}', shows: 'step 12 {"loss": 0.33}' },
	{
		name: 'a colour with its end',
		bytes: 'a \x1b[31mred\x1b[0m b',
		shows: 'a red b',
		painted: [[2, 5, red]],
	},
	{
		name: 'a colour that is left open',
		bytes: '\x1b[31mleft open',
		shows: 'left open',
		painted: [[0, 9, red]],
	},
	{ name: 'a line after an open colour', bytes: 'plain again', shows: 'plain again' },
	{
		name: 'an open background at the edge',
		bytes: `\x1b[44m${long}`,
		shows: long,
		painted: [[0, 120, { bg: 4 }]],
	},
	{
		name: 'bright colours',
		bytes: '\x1b[92;101mx\x1b[39;49my',
		shows: 'xy',
		painted: [[0, 1, { fg: 10, bg: 9 }]],
	},
	{
		name: '256 colours',
		bytes: '\x1b[38;5;208mo\x1b[48;5;22mg',
		shows: 'og',
		painted: [
			[0, 1, { fg: 208 }],
			[1, 2, { fg: 208, bg: 22 }],
		],
	},
	{
		name: 'true colour',
		bytes: '\x1b[38;2;1;2;3mt',
		shows: 't',
		painted: [[0, 1, { fg: '#010203' }]],
	},
	{
		name: '256 colours with colons',
		bytes: '\x1b[38:5:208mo',
		shows: 'o',
		painted: [[0, 1, { fg: 208 }]],
	},
	{
		name: 'true colour with colons and a colour space',
		bytes: '\x1b[38:2::1:2:3mt\x1b[48:2:4:5:6mu',
		shows: 'tu',
		painted: [
			[0, 1, { fg: '#010203' }],
			[1, 2, { fg: '#010203', bg: '#040506' }],
		],
	},
	{
		name: 'curly underlines become plain ones',
		bytes: '\x1b[4:3mu\x1b[4:0mn',
		shows: 'un',
		painted: [[0, 1, { underline: true }]],
	},
	{
		name: 'the colour of an underline is no other style',
		bytes: '\x1b[58;5;1mn\x1b[58;2;9;7;31mn\x1b[58:5:1mn',
		shows: 'nnn',
	},
	{
		name: 'bold, dim, italic, inverse, struck',
		bytes: '\x1b[1mb\x1b[22;2md\x1b[22;3mi\x1b[23;7mv\x1b[27;9ms\x1b[29mp',
		shows: 'bdivsp',
		painted: [
			[0, 1, { bold: true }],
			[1, 2, { dim: true }],
			[2, 3, { italic: true }],
			[3, 4, { inverse: true }],
			[4, 5, { strikethrough: true }],
		],
	},
	{
		name: 'blinking and hiding are not taken over',
		bytes: '\x1b[5mblink\x1b[8mhide',
		shows: 'blinkhide',
	},
	{ name: 'a colour out of range', bytes: '\x1b[38;5;999mx\x1b[38;2;1;2;300my', shows: 'xy' },
	{ name: 'a colour that is cut short', bytes: '\x1b[38;5mx\x1b[38;2;1my', shows: 'xy' },
	{
		name: 'many parameters',
		bytes: `\x1b[${'1;'.repeat(500)}31mx`,
		shows: 'x',
		painted: [[0, 1, { bold: true, fg: 1 }]],
	},
	{
		name: 'a reset where the row is cut',
		bytes: `\x1b[31m${'r'.repeat(79)}\x1b[0m${'p'.repeat(9)}`,
		shows: `${'r'.repeat(79)}${'p'.repeat(9)}`,
		painted: [[0, 79, red]],
	},
	{
		name: 'a colour that begins at the edge',
		bytes: `${'p'.repeat(80)}\x1b[31mrrr`,
		shows: `${'p'.repeat(80)}rrr`,
		painted: [[80, 83, red]],
	},
	{
		name: 'a colour between a letter and its mark',
		bytes: 'e\x1b[31m\u0301x',
		shows: 'éx',
		painted: [[1, 2, red]],
	},
	{
		name: '8-bit introducer as a code point',
		bytes: '\u009b31mred',
		shows: 'red',
		painted: [[0, 3, red]],
	},
	{ name: 'what only looks like a colour', bytes: '\x1b[>4;2mx\x1b[?1my\x1b[1 mz', shows: 'xyz' },
];

const clusters: readonly LogLineCase[] = [
	{
		name: 'ideographs, kana, hangul',
		bytes: '日本語 かな カナ 한글',
		shows: '日本語 かな カナ 한글',
	},
	{
		name: 'a wide character at the edge',
		bytes: `${'a'.repeat(78)}日本`,
		shows: `${'a'.repeat(78)}日本`,
	},
	{
		name: 'half a wide character at the edge',
		bytes: `${'a'.repeat(79)}日本`,
		shows: `${'a'.repeat(79)}日本`,
	},
	{ name: 'wide characters over the edge', bytes: '漢'.repeat(50), shows: '漢'.repeat(50) },
	{
		name: 'full width and half width',
		bytes: 'ＡＢ１ ｱｲｳ ￦￩',
		shows: 'ＡＢ１ ｱｲｳ ￦￩',
	},
	{ name: 'half-width kana with a sound mark', bytes: 'ｶﾞ|', shows: 'ｶﾞ|' },
	{ name: 'letters of Hangul apart', bytes: '\u1112\u1161\u11ab|', shows: '한|' },
	{ name: 'a letter of Hangul alone', bytes: '\u1161|', shows: '<U+1161>|' },
	{ name: 'emoji', bytes: '🚀 ok ✅ 😀', shows: '🚀 ok ✅ 😀' },
	{ name: 'emoji to the edge', bytes: '🚀'.repeat(41), shows: '🚀'.repeat(41) },
	{ name: 'a family', bytes: '👩‍👩‍👧|', shows: '👩👩👧|' },
	{ name: 'a profession', bytes: '🧑🏽‍💻|', shows: '🧑💻|' },
	{
		name: 'a family over the edge',
		bytes: `${'a'.repeat(77)}👩‍👩‍👧|`,
		shows: `${'a'.repeat(77)}👩👩👧|`,
	},
	{ name: 'flags', bytes: '🇩🇪🇯🇵|', shows: '🇩🇪🇯🇵|' },
	{ name: 'half a flag', bytes: '🇩|', shows: '<U+1F1E9>|' },
	{ name: 'a flag of no country', bytes: '🇽🇽|', shows: '<U+1F1FD><U+1F1FD>|' },
	{
		name: 'a flag of tags',
		bytes: '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}|',
		shows: '🏴|',
	},
	{ name: 'a skin tone', bytes: '👋🏽|', shows: '👋|' },
	{ name: 'a skin tone alone', bytes: '🏽|', shows: '<U+1F3FD>|' },
	{ name: 'a sign as emoji', bytes: '❤\ufe0f ⚠\ufe0f|', shows: '❤ ⚠|' },
	{ name: 'an emoji as sign', bytes: '⌚\ufe0e|', shows: '⌚|' },
	{ name: 'a keycap', bytes: '1\ufe0f\u20e3 #\ufe0f\u20e3|', shows: '1 #|' },
	{
		name: 'marks on letters',
		bytes: 'a\u030a e\u0301 n\u0303 q\u0307\u0323|',
		shows: 'å é ñ q\u0323\u0307|',
	},
	{ name: 'a mark at the start', bytes: '\u0301x', shows: '◌\u0301x' },
	{ name: 'a mark after a control', bytes: '\x07\u0301', shows: '^\u01f4' },
	{
		name: 'more marks than a letter holds',
		bytes: `Z${'\u0335'.repeat(3000)}x`,
		shows: `Z${'\u0335'.repeat(8)}x`,
	},
	{ name: 'marks after a tab', bytes: 'a\t\u0301b', shows: 'a       ◌\u0301b' },
	{ name: 'Arabic with marks', bytes: 'مَرْحَبًا|', shows: 'مَرْحَبًا|' },
	{ name: 'Hebrew with points', bytes: 'שָׁלוֹם|', shows: 'ש\u05b8\u05c1לו\u05b9ם|' },
	{ name: 'Persian with its non-joiner', bytes: 'می\u200cخواهم|', shows: 'می\u200cخواهم|' },
	{ name: 'a sign of Arabic that joins the next', bytes: '\u0601123|', shows: '<U+0601>123|' },
	{ name: 'overrides of direction', bytes: 'user\u202etxt.exe\u202c|', shows: 'usertxt.exe|' },
	{
		name: 'isolates and marks of direction',
		bytes: '\u2066a\u2069 \u200eb\u200f \u061cc|',
		shows: 'a b c|',
	},
	{ name: 'a conjunct of Devanagari', bytes: 'क्षि|', shows: 'क\u094d\u200cषि|' },
	{ name: 'a half-form by joiner', bytes: 'क्\u200dष|', shows: 'क\u094d\u200cष|' },
	{ name: 'Thai with its double vowel', bytes: 'น้ำ|', shows: 'น\u0e49\u0e4dา|' },
	{ name: 'Tamil', bytes: 'தமிழ்|', shows: 'தமிழ\u0bcd|' },
	{ name: 'Myanmar', bytes: 'မာ ကို|', shows: 'မာ ကို|' },
	{ name: 'a soft hyphen', bytes: 'co\u00adop|', shows: 'coop|' },
	{ name: 'characters of no width', bytes: 'a\u200bb\u2060c\ufeffd\u034fe|', shows: 'abcde|' },
	{ name: 'a filler of Hangul', bytes: 'a\u3164b\uffa0c|', shows: 'abc|' },
	{
		name: 'spaces of all kinds',
		bytes: 'a\u00a0b\u2003c\u3000d|',
		shows: 'a\u00a0b\u2003c\u3000d|',
	},
	{
		name: 'frames, which may be ambiguous',
		bytes: '│├─┤█▌░ ●○ …–— ±×÷ αЖ',
		shows: '│├─┤█▌░ ●○ …–— ±×÷ αЖ',
	},
	{ name: 'Braille of spinners', bytes: '⠋⠙⠹⣿ loading', shows: '⠋⠙⠹⣿ loading' },
	{ name: 'private use', bytes: '\ue0b0 \uf015 x', shows: '\ue0b0 \uf015 x' },
	{
		name: 'code points that are not assigned',
		bytes: '\u0378|\u{1fffe}|',
		shows: '<U+0378>|<U+1FFFE>|',
	},
	{ name: 'mathematics beyond the first plane', bytes: '𝛼𝐱 = 𝟙', shows: '𝛼𝐱 = 𝟙' },
];

const controls: readonly LogLineCase[] = [
	{ name: 'tabs', bytes: 'a\tb\t\tc', shows: `a${' '.repeat(7)}b${' '.repeat(15)}c` },
	{ name: 'tabs at each column', bytes: '1234567\t8\t', shows: '1234567 8' },
	{ name: 'a tab after wide characters', bytes: '日本語\t|', shows: '日本語  |' },
	{
		name: 'a tab after colours',
		bytes: '\x1b[31mab\x1b[0m\t|',
		shows: 'ab      |',
		painted: [[0, 2, red]],
	},
	{ name: 'tabs over the edge', bytes: `${'\t'.repeat(11)}x`, shows: `${' '.repeat(88)}x` },
	{ name: 'NUL', bytes: 'a\0b\0', shows: 'a^@b^@' },
	{ name: 'BEL', bytes: 'ding\x07', shows: 'ding^G' },
	{ name: 'BS', bytes: 'abc\b\b\bxyz', shows: 'abc^H^H^Hxyz' },
	{ name: 'VT and FF', bytes: 'a\vb\fc', shows: 'a^Kb^Lc' },
	{ name: 'SO and SI', bytes: 'a\x0eqqq\x0fb', shows: 'a^Nqqq^Ob' },
	{ name: 'ENQ', bytes: 'a\x05b', shows: 'a^Eb' },
	{ name: 'DEL', bytes: 'a\x7fb', shows: 'a^?b' },
	{ name: 'XON and XOFF', bytes: '\x11\x13', shows: '^Q^S' },
	{
		name: '8-bit controls as code points',
		bytes: 'a\u0080\u0084\u008d\u0090b\u009c\u009ac',
		shows: 'ac',
	},
	{
		name: '8-bit controls as bytes',
		bytes: joined('a', raw(0x84, 0x85, 0x9b), '2Jb'),
		shows: 'a\ufffd\ufffd\ufffd2Jb',
	},
	{ name: 'line ends of Unicode', bytes: 'a\u2028b\u2029c\u0085d', shows: 'a\nb\nc\nd' },
];

const bytes: readonly LogLineCase[] = [
	{ name: 'invalid UTF-8', bytes: joined('a', raw(0xff, 0xfe), 'b'), shows: 'a\ufffd\ufffdb' },
	{
		name: 'a character that is cut off',
		bytes: joined('a', raw(0xe6, 0xbc), 'b'),
		shows: 'a\ufffdb',
	},
	{
		name: 'an overlong form of a slash',
		bytes: joined(raw(0xc0, 0xaf), '|'),
		shows: '\ufffd\ufffd|',
	},
	{ name: 'an overlong escape', bytes: joined(raw(0xc0, 0x9b), '[2J|'), shows: '\ufffd\ufffd[2J|' },
	{
		name: 'a lone surrogate',
		bytes: joined(raw(0xed, 0xa0, 0xbd), '|'),
		shows: '\ufffd\ufffd\ufffd|',
	},
	{
		name: 'a code point beyond the last',
		bytes: joined(raw(0xf4, 0x90, 0x80, 0x80), '|'),
		shows: '\ufffd\ufffd\ufffd\ufffd|',
	},
	{
		name: 'Latin 1',
		bytes: joined('caf', raw(0xe9), ' cr', raw(0xe8), 'me'),
		shows: 'caf\ufffd cr\ufffdme',
	},
];

const sequences: readonly LogLineCase[] = [
	{
		name: 'cursor movements',
		bytes: 'a\x1b[5Db\x1b[10;10Hc\x1b[3Gd\x1b[5;5fe\x1b[9Cf',
		shows: 'abcdef',
	},
	{ name: 'cursor down and to the next line', bytes: 'a\x1b[9Bb\x1b[2Ec', shows: 'abc' },
	{ name: 'erasing', bytes: 'a\x1b[2Jb\x1b[3Jc\x1b[Kd\x1b[1Ke\x1b[5Xf\x1b[Jg', shows: 'abcdefg' },
	{ name: 'inserting and deleting', bytes: 'a\x1b[5@b\x1b[3Pc\x1b[2Ld\x1b[2Me', shows: 'abcde' },
	{ name: 'a scroll region and scrolling', bytes: '\x1b[5;10ra\x1b[3Sb\x1b[3Tc', shows: 'abc' },
	{
		name: 'margins, origin and insert mode',
		bytes: '\x1b[?69h\x1b[5;20s\x1b[?6h\x1b[4hx',
		shows: 'x',
	},
	{ name: 'the alternate screen', bytes: '\x1b[?1049hx\x1b[?1049l\x1b[?47hy', shows: 'xy' },
	{ name: 'the mouse', bytes: '\x1b[?1000hx\x1b[?1003;1006hy', shows: 'xy' },
	{ name: 'paste, focus, cursor', bytes: '\x1b[?2004hx\x1b[?1004hy\x1b[?25hz', shows: 'xyz' },
	{
		name: 'wrapping off, reverse video, wide columns',
		bytes: '\x1b[?7l\x1b[?5hx\x1b[?3h',
		shows: 'x',
	},
	{ name: 'a frame that is held back', bytes: '\x1b[?2026hx', shows: 'x' },
	{ name: 'keyboard protocols', bytes: '\x1b[>1ux\x1b[=5;1uy\x1b[>4;2mz\x1b[?u', shows: 'xyz' },
	{ name: 'saving and restoring', bytes: '\x1b7a\x1b8b\x1b[sc\x1b[ud', shows: 'abcd' },
	{ name: 'resets', bytes: '\x1bca\x1b[!pb', shows: 'ab' },
	{ name: 'character sets', bytes: '\x1b(0lqqk\x1b(B\x1b)0\x1b%Gx\x1bnz', shows: 'lqqkxz' },
	{ name: 'line by line', bytes: 'a\x1bDb\x1bEc\x1bMd\x1bHe', shows: 'abcde' },
	{ name: 'an alignment pattern and double height', bytes: 'a\x1b#8b\x1b#3c', shows: 'abc' },
	{ name: 'keypad modes', bytes: '\x1b=a\x1b>b', shows: 'ab' },
	{ name: 'a title', bytes: '\x1b]0;owned\x07x\x1b]2;owned\x1b\\y', shows: 'xy' },
	{ name: 'the stack of titles', bytes: '\x1b[22;0tx\x1b[23;0ty\x1b[21t', shows: 'xy' },
	{ name: 'a resize of the window', bytes: '\x1b[8;10;10tx\x1b[3;0;0t', shows: 'x' },
	{
		name: 'a link',
		bytes: '\x1b]8;id=1;https://a.example/b?c=1\x07run\x1b]8;;\x07 x',
		shows: 'run <https://a.example/b?c=1> x',
	},
	{
		name: 'a link that is not closed',
		bytes: '\x1b]8;;file:///etc/x\x1b\\text',
		shows: 'text <file:///etc/x>',
	},
	{
		name: 'a link with controls and marks',
		bytes: '\x1b]8;;http://a/\u202e\u200b\x0bb\x1b\\t\x1b]8;;\x1b\\',
		shows: 't <http://a/b>',
	},
	{
		name: 'a write to the clipboard',
		bytes: '\x1b]52;c;ZXZpbA==\x07x\x1b]52;p;ZXZpbA==\x1b\\y',
		shows: 'xy',
	},
	{ name: 'a read of the clipboard', bytes: '\x1b]52;c;?\x07x', shows: 'x' },
	{
		name: 'a notice',
		bytes: '\x1b]9;wake up\x07x\x1b]777;notify;a;b\x1b\\y\x1b]99;;z\x1b\\z',
		shows: 'xyz',
	},
	{
		name: 'colours of the palette',
		bytes: '\x1b]4;1;#000000\x07x\x1b]10;#000\x07\x1b]11;#000\x1b\\y\x1b]104\x07',
		shows: 'xy',
	},
	{
		name: 'marks of a shell',
		bytes: '\x1b]133;A\x07$ \x1b]133;B\x07ls\x1b]7;file://h/d\x07',
		shows: '$ ls',
	},
	{
		name: 'an image',
		bytes: '\x1b]1337;File=inline=1:AAAA\x07x\x1bPq#0;2;0;0;0~~\x1b\\y\x1b_Ga=T;AAAA\x1b\\z',
		shows: 'xyz',
	},
	{
		name: 'device strings',
		bytes: '\x1bP+q544e\x1b\\a\x1bP$qm\x1b\\b\x1bXsos\x1b\\c\x1b^pm\x1b\\d',
		shows: 'abcd',
	},
	{ name: 'a string through tmux', bytes: '\x1bPtmux;\x1b\x1b]52;c;ZQ==\x07\x1b\\x', shows: 'x' },
	{
		name: '8-bit strings as code points',
		bytes: '\u009d0;owned\u009cx\u0090q\u009cy\u009fz\u009c',
		shows: 'xy',
	},
	{
		name: 'questions for the state',
		bytes: 'a\x1b[5nb\x1b[6nc\x1b[?6nd\x1b[?15ne',
		shows: 'abcde',
	},
	{
		name: 'questions for the device',
		bytes: 'a\x1b[cb\x1b[>cc\x1b[=cd\x1bZe\x1b[>qf',
		shows: 'abcdef',
	},
	{ name: 'questions for modes', bytes: 'a\x1b[?2026$pb\x1b[4$pc\x1b[xd\x1b[18te', shows: 'abcde' },
	{
		name: 'questions for colours',
		bytes: 'a\x1b]10;?\x07b\x1b]11;?\x1b\\c\x1b]4;1;?\x07d',
		shows: 'abcd',
	},
	{ name: 'media copy and leds', bytes: '\x1b[5ia\x1b[4ib\x1b[1qc', shows: 'abc' },
	{ name: 'a sequence without its end', bytes: 'a\x1b[38;5', shows: 'a' },
	{ name: 'a sequence that a control breaks', bytes: 'a\x1b[3\x071mb', shows: 'a^G1mb' },
	{
		name: 'a sequence in a sequence',
		bytes: 'a\x1b[3\x1b[1mb',
		shows: 'ab',
		painted: [[1, 2, { bold: true }]],
	},
	{ name: 'a string without its end', bytes: 'a\x1b]0;no end', shows: 'a0;no end' },
	{ name: 'a device string without its end', bytes: 'a\x1bPno end', shows: 'ano end' },
	{ name: 'an escape at the end', bytes: 'a\x1b', shows: 'a' },
	{ name: 'escapes in a row', bytes: 'a\x1b\x1b\x1bb', shows: 'a' },
	{ name: 'escapes without a meaning', bytes: 'a\x1bjb\x1b!zc\x1b\u00e9d', shows: 'abcéd' },
	{
		name: 'a sequence where the row is cut',
		bytes: `${'x'.repeat(79)}\x1b[10;10Hyz`,
		shows: `${'x'.repeat(79)}yz`,
	},
	{
		name: 'a title where the row is cut',
		bytes: `${'x'.repeat(78)}\x1b]0;owned\x07yzz`,
		shows: `${'x'.repeat(78)}yzz`,
	},
];

/** Bytes that the local plane keeps of a line. */
const kept = 65_536;
/** 10 MB of text, whose rows all differ. */
const numbered = (before: string, after: string): string =>
	before +
	Array.from({ length: 1_250_000 }, (_, n) => `${n % 10_000}`.padStart(5) + after).join('');
const longAscii = numbered('', ' m ');
const longWide = numbered('x', '漢');

const lengths: readonly LogLineCase[] = [
	{ name: 'as wide as the screen', bytes: 'w'.repeat(80), shows: 'w'.repeat(80) },
	{ name: 'a cell wider than the screen', bytes: 'v'.repeat(81), shows: 'v'.repeat(81) },
	{
		name: 'a line of 10 MB',
		bytes: longAscii,
		shows: `${longAscii.slice(0, kept)} … [${10_000_000 - kept} bytes cut]`,
	},
	{
		name: 'a line of 10 MB that is cut within a character',
		bytes: longWide,
		// 8191 numbers with their character, and the digits of one more.
		shows: `${longWide.slice(0, 1 + 8191 * 6 + 5)} … [${10_000_001 - kept + 2} bytes cut]`,
	},
	{ name: 'nothing', bytes: '', shows: '' },
	{ name: 'blanks', bytes: '   ', shows: '' },
	{ name: 'the last one', bytes: 'the end of the corpus', shows: 'the end of the corpus' },
];

/** Lines that try to be more than text, by what they try. */
export const logLines: readonly LogLineCase[] = [
	...colours,
	...clusters,
	...controls,
	...bytes,
	...sequences,
	...lengths,
];
