import type { LogLevel } from './log.ts';

const levels: ReadonlyMap<string, LogLevel> = new Map([
	['DEBUG', 'DEBUG'],
	['DBG', 'DEBUG'],
	['TRACE', 'DEBUG'],
	['TRC', 'DEBUG'],
	['VERBOSE', 'DEBUG'],
	['INFO', 'INFO'],
	['INF', 'INFO'],
	['NOTICE', 'INFO'],
	['SUCCESS', 'INFO'],
	['WARN', 'WARNING'],
	['WRN', 'WARNING'],
	['WARNING', 'WARNING'],
	['ERROR', 'ERROR'],
	['ERR', 'ERROR'],
	['CRITICAL', 'ERROR'],
	['CRIT', 'ERROR'],
	['FATAL', 'ERROR'],
	['FTL', 'ERROR'],
	['SEVERE', 'ERROR'],
	['PANIC', 'ERROR'],
	['ALERT', 'ERROR'],
	['EMERG', 'ERROR'],
	['EMERGENCY', 'ERROR'],
]);
const longestWord = 9;

/** The level that a logger's word stands for (`warn`, `CRITICAL`), null for any other word. */
export const levelOf = (word: string): LogLevel | null =>
	word.length > longestWord ? null : (levels.get(word) ?? levels.get(word.toUpperCase()) ?? null);

/** The level of one letter, as glog and its kin print it. */
export const levelOfLetter = (letter: string): LogLevel =>
	letter === 'I' ? 'INFO' : letter === 'W' ? 'WARNING' : /[EFC]/.test(letter) ? 'ERROR' : 'DEBUG';
