/** Rows that one notch of the wheel scrolls, as terminals do it themselves. */
export const wheelRows = 3;

/** A report of a mouse button with its place (mode 1006, xterm's ctlseqs): `CSI < button ; x ; y M`. */
const report = /\x1b\[<(\d+);\d+;\d+[Mm]/g;
const wheelUp = 64;
const wheelDown = 65;

/**
 * A terminal's input without the reports of its mouse, which Ink passes over: `onWheel` gets the
 * rows to scroll, negative for up. A report that is split between two reads goes to Ink, which
 * drops it.
 */
export const withWheel = (
	stdin: NodeJS.ReadStream,
	onWheel: (rows: number) => void,
): NodeJS.ReadStream => {
	const take = (chunk: string): string =>
		chunk.replace(report, (_, button: string) => {
			if (Number(button) === wheelUp) onWheel(-wheelRows);
			if (Number(button) === wheelDown) onWheel(wheelRows);
			return '';
		});
	const read = (size?: number): unknown => {
		const chunk: unknown = stdin.read(size);
		return typeof chunk === 'string' && chunk.includes('\x1b[<') ? take(chunk) : chunk;
	};
	return new Proxy(stdin, {
		get: (target, name) => {
			if (name === 'read') return read;
			const value: unknown = Reflect.get(target, name, target);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});
};
