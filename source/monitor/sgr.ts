/** Removed or kept by the log: ECMA-48 SGR, `CSI … m`, as `cleanLogText` leaves it. */
export const sgrSequence = /\x1b\[([0-9;:]*)m/g;
export const sgrReset = '\x1b[0m';

/** Styles in force, each as its SGR parameter, '' for none. Blinking and hiding are not modelled. */
export type SgrState = {
	bold: string;
	dim: string;
	italic: string;
	underline: string;
	inverse: string;
	strike: string;
	foreground: string;
	background: string;
};

export const plainSgr = (): SgrState => ({
	bold: '',
	dim: '',
	italic: '',
	underline: '',
	inverse: '',
	strike: '',
	foreground: '',
	background: '',
});

/** The sequence that puts the styles in force on a fresh row, '' when there are none. */
export const sgrPrefix = (state: SgrState): string => {
	const parameters = Object.values(state).filter((parameter) => parameter !== '');
	return parameters.length === 0 ? '' : `\x1b[${parameters.join(';')}m`;
};

/** By parameter: the styles that it sets. */
const simple: Readonly<Record<string, Partial<SgrState>>> = {
	1: { bold: '1' },
	2: { dim: '2' },
	3: { italic: '3' },
	4: { underline: '4' },
	7: { inverse: '7' },
	9: { strike: '9' },
	21: { underline: '4' },
	22: { bold: '', dim: '' },
	23: { italic: '' },
	24: { underline: '' },
	27: { inverse: '' },
	29: { strike: '' },
	39: { foreground: '' },
	49: { background: '' },
};

/** `38:2::r:g:b` and `38:5:n` (ITU-T T.416) in the form with semicolons, '' when malformed. */
const joinColour = (parts: readonly string[]): string => {
	const [ground, space, ...rest] = parts;
	const values = (space === '2' && rest.length === 4 ? rest.slice(1) : rest).map(Number);
	const isWhole = values.length === (space === '5' ? 1 : 3) && values.every((value) => value < 256);
	return isWhole && (space === '2' || space === '5') ? [ground, space, ...values].join(';') : '';
};

/** The style that an extended colour sets. 58, the colour of underlines, is not modelled. */
const grounds: Readonly<Record<string, 'foreground' | 'background' | null>> = {
	38: 'foreground',
	48: 'background',
	58: null,
};

/** Applies the parameters of one SGR sequence (`1;38;5;208`) to the state in place. */
export const applySgr = (state: SgrState, parameters: string): void => {
	const codes = parameters.split(';');
	for (let at = 0; at < codes.length; at++) {
		const code = codes[at] ?? '';
		const number = Number(code);
		const ground = grounds[number];
		if (code.includes(':')) {
			applyColon(state, code.split(':'));
		} else if (ground !== undefined) {
			const length = codes[at + 1] === '5' ? 3 : 5;
			const colour = joinColour([String(number), ...codes.slice(at + 1, at + length)]);
			if (colour !== '' && ground !== null) state[ground] = colour;
			at += length - 1;
		} else if (number === 0) {
			Object.assign(state, plainSgr());
		} else if ((number >= 30 && number <= 37) || (number >= 90 && number <= 97)) {
			state.foreground = String(number);
		} else if ((number >= 40 && number <= 47) || (number >= 100 && number <= 107)) {
			state.background = String(number);
		} else {
			Object.assign(state, simple[number]);
		}
	}
};

const applyColon = (state: SgrState, parts: readonly string[]): void => {
	const [code, kind] = parts;
	if (code === '38') state.foreground = joinColour(parts) || state.foreground;
	else if (code === '48') state.background = joinColour(parts) || state.background;
	else if (code === '4') state.underline = kind === '0' ? '' : '4';
};

/** A text with what is no colour of its styles: reversed and underlined shows on every terminal. */
export const withoutColours = (text: string): string => {
	if (!text.includes('\x1b')) return text;
	const state = plainSgr();
	let shape = '';
	return text.replace(sgrSequence, (_, parameters: string) => {
		applySgr(state, parameters);
		const next = sgrPrefix({ ...plainSgr(), underline: state.underline, inverse: state.inverse });
		if (next === shape) return '';
		shape = next;
		return next === '' ? sgrReset : next.replace('[', '[0;');
	});
};
