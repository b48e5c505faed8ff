import { z } from 'zod';
import { sniffLevel } from './level.ts';
import { levelOf } from './level-words.ts';
import { logLevels, type NewLogRecord } from './log.ts';
import { cleanLogText } from './log-text.ts';
import { Pattern, patternSchema } from './pattern.ts';
import { nodeOfReplica } from './session.ts';

/** Most patterns of a kind at once. */
export const mostPatterns = 16;

/**
 * Which lines to show. All conditions hold at once: the node, at least the level, each pattern of
 * `include` and none of `exclude`.
 */
export const lineFilterSchema = z.object({
	/** Rank of the only node whose lines count, null for all. */
	node: z.number().int().min(0).nullable().default(null),
	/** Lines below it, and lines without a level, do not count. */
	level: z.enum(logLevels).nullable().default(null),
	include: z.array(patternSchema).max(mostPatterns).default([]),
	exclude: z.array(patternSchema).max(mostPatterns).default([]),
});
export type LineFilter = z.output<typeof lineFilterSchema>;

export const everyLine: LineFilter = { node: null, level: null, include: [], exclude: [] };

/** Whether a filter lets every line through. */
export const isEveryLine = ({ node, level, include, exclude }: LineFilter): boolean =>
	node === null && level === null && include.length === 0 && exclude.length === 0;

const styles = /\x1b\[[0-9;:]*m/g;

/** A clean line without its styles: what is searched, filtered and copied. */
export const withoutStyles = (text: string): string =>
	text.includes('\x1b') ? text.replace(styles, '') : text;

/** Rising with how grave a level is, whatever word a logger has for it; 0 for none. */
export const gravityOf = (level: string | null): number => {
	const known = level === null ? null : levelOf(level);
	return known === null ? 0 : 1 + logLevels.indexOf(known);
};

/**
 * A filter that is ready to use on records.
 * @throws Failure `invalid` when a pattern is not one
 */
export const compileFilter = (
	filter: LineFilter,
): ((record: Omit<NewLogRecord, 'timestamp'>) => boolean) => {
	const include = filter.include.map((pattern) => new Pattern(pattern));
	const exclude = filter.exclude.map((pattern) => new Pattern(pattern));
	const least = gravityOf(filter.level);
	return ({ replica, level, message }) => {
		const node = replica === null ? null : nodeOfReplica(replica);
		if (filter.node !== null && node !== filter.node) return false;
		const text = withoutStyles(cleanLogText(message));
		return (
			(filter.level === null || gravityOf(level ?? sniffLevel(text)) >= least) &&
			include.every((pattern) => pattern.test(text)) &&
			!exclude.some((pattern) => pattern.test(text))
		);
	};
};
