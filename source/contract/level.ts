import type { LogLevel } from './log.ts';

const words: Readonly<Record<string, LogLevel>> = {
	DEBUG: 'DEBUG',
	INFO: 'INFO',
	WARN: 'WARNING',
	WARNING: 'WARNING',
	ERROR: 'ERROR',
	CRITICAL: 'ERROR',
	FATAL: 'ERROR',
};

/** Levels stand near the start of a line; further in, they are words of the message. */
const searched = 160;
const levelWord = /(?<![A-Za-z])(DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)(?![A-Za-z])/;
const jsonLevel = /"(?:level|levelname|severity)"\s*:\s*"([A-Za-z]+)"/;
const pythonError = /^(?:Traceback \(most recent call last\)|[A-Za-z_][\w.]*(?:Error|Exception): )/;

/** The level that a line names, null when it names none. */
export const sniffLevel = (line: string): LogLevel | null => {
	if (pythonError.test(line)) return 'ERROR';
	const head = line.slice(0, searched);
	const word = jsonLevel.exec(head)?.[1]?.toUpperCase() ?? levelWord.exec(head)?.[1];
	return word === undefined ? null : (words[word] ?? null);
};
