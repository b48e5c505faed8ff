import { safeText } from './fit.ts';
import { wrapLine } from './line-rows.ts';
import type { MessageKind, MonitorState } from './state.ts';
import type { Segment, Tone } from './tone.ts';

const signs: Readonly<Record<MessageKind, { readonly symbol: string; readonly tone: Tone }>> = {
	info: { symbol: '·', tone: 'accent' },
	ok: { symbol: '✓', tone: 'good' },
	warn: { symbol: '!', tone: 'warn' },
	error: { symbol: '✕', tone: 'bad' },
};

/** A blank, the sign and a blank before the text, and a blank after it. */
const margin = 4;
const longestNotice = 4;

/** A message, cut into rows of the screen's width. */
export type Notice = { readonly kind: MessageKind; readonly rows: readonly string[] };

/** The message to show, null for none. One that fits on a row is shown in the footer. */
export const noticeOf = ({
	message,
	columns,
}: Pick<MonitorState, 'message' | 'columns'>): Notice | null => {
	if (message === null) return null;
	const width = Math.max(2, columns - margin);
	return { kind: message.kind, rows: wrapLine(safeText(message.text), width, longestNotice) };
};

/** The state with something to tell. `at`: ms of this machine's clock. */
export const withMessage = (
	state: MonitorState,
	kind: MessageKind,
	text: string,
	at: number,
): MonitorState => ({ ...state, message: { kind, text, at } });

/** A row of a notice; the first carries the sign of its kind. */
export const noticeSegment = ({ kind, rows }: Notice, row: number): Segment => {
	const { symbol, tone } = signs[kind];
	return { text: ` ${row === 0 ? symbol : ' '} ${rows[row] ?? ''}`, tone, strong: kind !== 'info' };
};
