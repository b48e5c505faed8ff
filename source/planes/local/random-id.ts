import { randomInt } from 'node:crypto';

/** Without the characters that people mistake for one another when they read an id aloud. */
const alphabet = '23456789abcdefghijkmnpqrstuvwxyz';

/** An id that is short enough to type and safe in host names, paths and URLs. */
export const randomId = (length = 7): string =>
	Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
