import { withoutCutMark } from './line-splitter.ts';

/** Values shorter than this would mask half of an ordinary log. */
const shortestSecret = 4;
/** Shorter ones have too little of their own in base64. */
const shortestInBase64 = 8;
const stars = '***';

/**
 * Returns a function that replaces every secret in a line by `***`, also where it is URL-encoded,
 * inside a JSON string or inside base64 (as the header of HTTP's basic authentication has it). Of
 * a line that was cut in the middle of a secret, the beginning of the secret is masked.
 * A secret of several lines is masked line by line, since a log record is one line.
 */
export const createMask = (secrets: readonly string[]): ((line: string) => string) => {
	const parts = secrets
		.flatMap((secret) => secret.split(/\r?\n/))
		.filter((part) => part.length >= shortestSecret);
	const needles = [...new Set(parts.flatMap(formsOf))]
		// The longest first: a secret that contains another must not leave its remains.
		.sort((a, b) => b.length - a.length);
	if (needles.length === 0) return (line) => line;
	const anyNeedle = new RegExp(needles.map(escaped).join('|'), 'g');
	return (line) => {
		const masked = line.replace(anyNeedle, stars);
		const text = withoutCutMark(masked);
		return text === masked ? masked : maskEnd(text, needles) + masked.slice(text.length);
	};
};

const formsOf = (secret: string): string[] => {
	const component = encodeURIComponent(secret.toWellFormed());
	const strict = component.replace(/[!'()*]/g, percentEncoded);
	const form = strict.replaceAll('%20', '+');
	const encoded = [component, strict, form];
	return [
		secret,
		JSON.stringify(secret).slice(1, -1),
		...encoded,
		...encoded.map((text) => text.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())),
		...base64FormsOf(secret),
	];
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const percentEncoded = (character: string): string =>
	`%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** What is the same in base64 whatever surrounds the secret: one form for each way to align it. */
const base64FormsOf = (secret: string): string[] => {
	const bytes = Buffer.from(secret);
	if (bytes.length < shortestInBase64) return [];
	return [0, 1, 2].flatMap((before) => {
		const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
		// A digit of 6 bits at either end may hold bits of a neighbour.
		const start = Math.ceil((before * 8) / 6);
		const end = Math.floor(((before + bytes.length) * 8) / 6);
		const inner = text.slice(start, end);
		return [inner, inner.replaceAll('-', '+').replaceAll('_', '/')];
	});
};

/** Masks a beginning of a needle at the end of a text. */
const maskEnd = (text: string, needles: readonly string[]): string => {
	const starts = needles.map((needle) => longestStartAtEnd(text, needle));
	const longest = Math.max(...starts);
	return longest === 0 ? text : text.slice(0, text.length - longest) + stars;
};

const longestStartAtEnd = (text: string, needle: string): number => {
	for (let length = Math.min(needle.length, text.length); length > 0; length -= 1) {
		if (text.endsWith(needle.slice(0, length))) return length;
	}
	return 0;
};
