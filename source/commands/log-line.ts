import { stripVTControlCharacters } from 'node:util';
import type { LogRecord } from '../contract/log.ts';
import { printedLogText } from '../contract/log-text.ts';
import { withoutRedrawMark } from '../contract/redraw.ts';
import { formatTime } from '../monitor/clock-time.ts';

/** How a record is printed: for a person, in colours or without, or as JSON for a program. */
export type LineStyle = 'json' | 'colour' | 'plain';

const epochMs = (timestamp: string): number => Number(BigInt(timestamp) / 1_000_000n);

/** A record as one line of output. What a job prints can not steer the reader's terminal. */
export const logLine = (record: LogRecord, style: LineStyle): string => {
	if (style === 'json') {
		return `${JSON.stringify({ ...record, message: withoutRedrawMark(record.message) })}\n`;
	}
	const text = printedLogText(record.message);
	const shown = style === 'colour' ? `${text}\x1b[0m` : stripVTControlCharacters(text);
	return `${formatTime(epochMs(record.timestamp))} ${record.replica ?? '·'} ${shown}\n`;
};
