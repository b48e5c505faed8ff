/** Values shorter than this would mask half of an ordinary log. */
const shortestSecret = 4;

/**
 * Returns a function that replaces every secret in a line by `***`, also in its URL-encoded form.
 * A secret of several lines is masked line by line, since a log record is one line.
 */
export const createMask = (secrets: readonly string[]): ((line: string) => string) => {
	const needles = secrets
		.flatMap((secret) => secret.split(/\r?\n/))
		.filter((part) => part.length >= shortestSecret)
		.flatMap((part) => [part, encodeURIComponent(part)])
		// The longest first: a secret that contains another must not leave its remains.
		.sort((a, b) => b.length - a.length);
	const unique = [...new Set(needles)];
	return (line) => unique.reduce((text, needle) => text.replaceAll(needle, '***'), line);
};
