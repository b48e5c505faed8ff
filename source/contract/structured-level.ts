import { levelOf } from './level-words.ts';
import type { LogLevel } from './log.ts';

const levelKeys = ['level', 'levelname', 'severity', 'lvl', 'loglevel', 'log.level', '@level'];
/** Whether parsing may be worth its time. */
const jsonKey = /"(?:@?level|levelname|severity|lvl|loglevel|log\.level)"\s*:/;
const jsonPair = /"(?:@?level|levelname|severity|lvl|loglevel|log\.level)"\s*:\s*"([A-Za-z]+)"/;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/**
 * The level of a JSON line: of its own fields, and of the objects where ECS (`log`) and loguru
 * (`record`) keep it. Of an object that was cut, the first field that looks like one.
 */
export const jsonLevel = (json: string): LogLevel | null => {
	if (!jsonKey.test(json)) return null;
	let fields: unknown;
	try {
		fields = JSON.parse(json);
	} catch {
		return levelOf(jsonPair.exec(json)?.[1] ?? '');
	}
	if (!isFields(fields)) return null;
	return (
		levelOfFields(fields) ??
		(isFields(fields['log']) ? levelOfFields(fields['log']) : null) ??
		(isFields(fields['record']) ? levelOfFields(fields['record']) : null)
	);
};

const levelOfFields = (fields: Fields): LogLevel | null => {
	for (const key of levelKeys) {
		const value = fields[key];
		const name = isFields(value) ? value['name'] : value;
		if (typeof name === 'string') return levelOf(name);
		// Of pino and bunyan. Without a message it may be anything, such as the level of a game.
		if (typeof name === 'number' && 'msg' in fields) return levelOfNumber(name);
	}
	return null;
};

const levelOfNumber = (level: number): LogLevel | null => {
	if (level < 10) return null;
	return level < 30 ? 'DEBUG' : level < 40 ? 'INFO' : level < 50 ? 'WARNING' : 'ERROR';
};

const pair = /\s*([\w.@-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/y;

/** The level of a logfmt line (`time=… level=warn msg="…"`), which starts at `at`. */
export const logfmtLevel = (text: string, at: number): LogLevel | null => {
	pair.lastIndex = at;
	for (let match = pair.exec(text); match !== null; match = pair.exec(text)) {
		const [, key = '', quoted, bare = ''] = match;
		if (levelKeys.includes(key.toLowerCase())) return levelOf(quoted ?? bare);
	}
	return null;
};
