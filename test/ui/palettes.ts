/** Terminals' colours as they come: `#rrggbb` without the mark. */
export type Palette = {
	readonly name: string;
	readonly background: string;
	readonly foreground: string;
	/** Colours 0 to 15. */
	readonly ansi: readonly string[];
};

const split = (colours: string): readonly string[] => colours.split(' ');
const xterm = split(
	'000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff',
);
const solarized = split(
	'073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3',
);

export const palettes: readonly Palette[] = [
	{ name: 'xterm on black', background: '000000', foreground: 'e5e5e5', ansi: xterm },
	{ name: 'xterm on white', background: 'ffffff', foreground: '000000', ansi: xterm },
	{
		name: 'VS Code dark',
		background: '1e1e1e',
		foreground: 'cccccc',
		ansi: split(
			'000000 cd3131 0dbc79 e5e510 2472c8 bc3fbc 11a8cd e5e5e5 666666 f14c4c 23d18b f5f543 3b8eea d670d6 29b8db e5e5e5',
		),
	},
	{
		name: 'VS Code light',
		background: 'ffffff',
		foreground: '333333',
		ansi: split(
			'000000 cd3131 00bc00 949800 0451a5 bc05bc 0598bc 555555 666666 cd3131 14ce14 b5ba00 0451a5 bc05bc 0598bc a5a5a5',
		),
	},
	{ name: 'Solarized dark', background: '002b36', foreground: '839496', ansi: solarized },
	{ name: 'Solarized light', background: 'fdf6e3', foreground: '657b83', ansi: solarized },
];

type Triple = readonly [number, number, number];

/** Linear light of a colour, each from 0 to 1. */
const linear = (colour: string): Triple => {
	const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
		const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return [red, green, blue];
};

const weigh = ([a, b, c]: Triple, [x, y, z]: Triple): number => a * x + b * y + c * z;
const luminance = (colour: string): number => weigh([0.2126, 0.7152, 0.0722], linear(colour));

/** The contrast ratio of WCAG 2.2, from 1 to 21. */
export const contrast = (one: string, other: string): number => {
	const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (light + 0.05) / (dark + 0.05);
};

/** What eyes make of linear light: Machado, Oliveira, Fernandes 2009, severity 1. */
export const eyes: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
	'normal sight': [
		[1, 0, 0],
		[0, 1, 0],
		[0, 0, 1],
	],
	protanopia: [
		[0.152286, 1.052583, -0.204868],
		[0.114503, 0.786281, 0.099216],
		[-0.003882, -0.048116, 1.051998],
	],
	deuteranopia: [
		[0.367322, 0.860646, -0.227968],
		[0.280085, 0.672501, 0.047413],
		[-0.01182, 0.04294, 0.968881],
	],
};

const apply = ([one, two, three]: readonly [Triple, Triple, Triple], to: Triple): Triple => [
	weigh(one, to),
	weigh(two, to),
	weigh(three, to),
];

/** Oklab, whose distances are about as large as differences look: black and white are 1 apart. */
const oklab = (light: Triple): Triple => {
	const [l, m, s] = apply(
		[
			[0.4122214708, 0.5363325363, 0.0514459929],
			[0.2119034982, 0.6806995451, 0.1073969566],
			[0.0883024619, 0.2817188376, 0.6299787005],
		],
		light,
	);
	return apply(
		[
			[0.2104542553, 0.793617785, -0.0040720468],
			[1.9779984951, -2.428592205, 0.4505937099],
			[0.0259040371, 0.7827717662, -0.808675766],
		],
		[Math.cbrt(l), Math.cbrt(m), Math.cbrt(s)],
	);
};

/** How far apart two colours look to such eyes. */
export const difference = (one: string, other: string, sight: string): number => {
	const matrix = eyes[sight];
	if (matrix === undefined) throw new Error(`no eyes of ${sight}`);
	const seen = (colour: string): Triple => {
		const [red, green, blue] = apply(matrix, linear(colour));
		const clamp = (part: number): number => Math.min(1, Math.max(0, part));
		return oklab([clamp(red), clamp(green), clamp(blue)]);
	};
	const there = seen(other);
	return Math.hypot(...seen(one).map((part, at) => part - (there[at] ?? 0)));
};

/** Text colour and ground that SGR parameters give; bold may brighten, as it does in xterm. */
export const shown = (
	{ background, foreground, ansi }: Palette,
	parameters: string,
	boldBrightens: boolean,
): { readonly text: string; readonly ground: string } => {
	const codes = parameters.split(';').map(Number);
	const lift = boldBrightens && codes.includes(1) ? 8 : 0;
	const of = (from: number, by: number): string | undefined => {
		const code = codes.find((each) => each >= from && each <= from + 7);
		return code === undefined ? undefined : ansi[code - from + by];
	};
	const text = of(30, lift) ?? foreground;
	const ground = of(40, 0) ?? background;
	return codes.includes(7) ? { text: ground, ground: text } : { text, ground };
};
