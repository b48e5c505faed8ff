import { Failure } from '../contract/failure.ts';
import { type LogRecord, logLevels } from '../contract/log.ts';
import { spanMs } from '../contract/time-span.ts';
import type { Flags } from './flags.ts';
import { nodeOf } from './settings.ts';

/**
 * `10m` (ago) or an ISO time, as epoch ms.
 * @throws Failure `usage`
 */
export const parseTime = (name: string, text: string, nowMs: number): number => {
	const span = spanMs(text.replace(/^-/, ''));
	if (span !== null) return nowMs - span;
	const at = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
	if (!Number.isNaN(at)) return at;
	throw new Failure('usage', `${name}: "${text}" is no time. Use 10m, 2h, 1d or 2026-11-24T12:00.`);
};

/**
 * Which records `--node`, `--since`, `--until` and `--level` ask for. A record without a level is
 * shown only where none is asked for.
 * @throws Failure `usage`
 */
export const recordFilter = (flags: Flags, nowMs: number): ((record: LogRecord) => boolean) => {
	const node = nodeOf(flags.node);
	const nanoseconds = (name: string, text: string | undefined): bigint | null =>
		text === undefined ? null : BigInt(Math.trunc(parseTime(name, text, nowMs))) * 1_000_000n;
	const since = nanoseconds('--since', flags.since);
	const until = nanoseconds('--until', flags.until);
	const levels = levelsFrom(flags.level);
	return ({ replica, timestamp, level }) =>
		(node === undefined || replica === String(node)) &&
		(since === null || BigInt(timestamp) >= since) &&
		(until === null || BigInt(timestamp) < until) &&
		(levels === null || (level !== null && levels.includes(level)));
};

const levelsFrom = (text: string | undefined): readonly string[] | null => {
	if (text === undefined) return null;
	const at = (logLevels as readonly string[]).indexOf(text.toUpperCase());
	if (at !== -1) return logLevels.slice(at);
	throw new Failure('usage', `--level: "${text}" is none of ${logLevels.join(', ')}.`);
};
