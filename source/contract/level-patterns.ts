/*
 * What stands in the head of log lines. Each pattern takes time linear in what it reads: a repeat
 * is never followed by something that it could have taken itself, or it has a bound.
 */

/** Control sequences: colours, titles, hyperlinks. */
export const sequence = /\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)/g;

/** Date, time of day or epoch seconds, with what hangs on it: `2026-01-01T12:00:00,123+00:00`. */
export const stamp =
	/(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{1,2}:\d{2}|\d{10,}(?=[.\s]))(?:[\d:.,+/-]|T(?=\d)|Z(?![A-Za-z]))*/y;
export const stampWord =
	/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|AM|PM|UTC|GMT)$/;

/** `W0101 12:00:00`, `W socket.cpp:601`, `E 123 456]`, `I 2026-01-01 `: glog, torch, ray, NeMo. */
export const letterLevel =
	/([VDIWEFC])(?:\d{3,8} \d{2}:\d{2}:\d| (?:[\w./-]{1,120}\.(?:cc|cpp|hpp|cuh?|h|c|py):\d|\d+ \d+\]|\d{4}-\d{2}-\d{2} ))/y;

/** The end of the name of an exception or a warning of Python's. */
export const exceptionName =
	/(?:Error|Exception|ExceptionGroup|Warning|KeyboardInterrupt|SystemExit|StopIteration)$/;
/** What follows such a name where it stands for itself: `: message`, or nothing. */
export const exceptionEnd = /(?:\([\w.]{1,80}\))?(?::(?=\s|$)|\s*$)/y;
/** How programs begin to tell of their end. */
export const failure =
	/(?:Original )?Traceback \(most recent call last\)|Exception (?:in |ignored in|Group Traceback)|Fatal Python error:|Segmentation fault|Bus error|terminate called|CUDA error|Caused by: |thread '[^']{0,80}'[^']{0,20} panicked at/y;

/** A mark after a word, which makes a level of it beyond doubt. */
export const mark = /\s*(?:[:|\])>│]|-+\s)|[[!]/y;
/** A column's end, which does nearly so. */
export const columnEnd = /\s{2}|\t|\s*$/y;
export const bracketEnd = /\s*[\])>]/y;
/** What separates fields: `name - ERROR - message`, `mod | WARNING | message`. */
export const fieldEnd = /\s*(?:[-–—|│»›]|>>)\s/y;

/** A value and no message: the word before it names a metric or a setting. */
export const value =
	/\s*[:=|]?\s*(?:[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?%?|true|false|none|null|nan|inf)(?=\s*(?:$|[,;|)\]}]))/iy;
export const fraction = /\s*[:=|]?\s*[-+]?\d*\.\d+(?:e[-+]?\d+)?%?(?=[\s,;|)\]}]|$)/iy;
export const count = /\s+\d+(?=\s|$)/y;

export const jsonStart = /\{\s*"/y;

/** tqdm with and without a total, and the bars of rich and pip. */
export const progressBar = /^[^|]*\d%\||\d[a-z]{1,8} \[\d+:\d\d|━━/;

/** Whether a sticky pattern matches at this place. */
export const matchesAt = (pattern: RegExp, text: string, at: number): boolean => {
	pattern.lastIndex = at;
	return pattern.test(text);
};
