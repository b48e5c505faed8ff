import * as patterns from './level-patterns.ts';
import { levelOf, levelOfLetter } from './level-words.ts';
import type { LogLevel } from './log.ts';
import { jsonLevel, logfmtLevel } from './structured-level.ts';

const { matchesAt } = patterns;

/** A level stands in the head of a line, in UTF-16 code units; further in, it is a word like any. */
const reach = 256;
const mostItems = 32;

/** Words that come before a number or a level without a mark between: `rank 0`, `NCCL WARN`. */
const labels = new Set(['NCCL', 'npm', 'rank', 'node', 'worker', 'process', 'pid', 'gpu']);
/** Levels that are other words too: only a time or a mark beside them tells. */
const ambiguous = new Set(['TRACE', 'VERBOSE', 'SUCCESS', 'PANIC', 'ALERT', 'EMERGENCY', 'ERR']);

/**
 * The level that a line names where loggers put it, null when it names none. Control sequences do
 * not matter. Takes time linear in the line's length.
 */
export const sniffLevel = (line: string): LogLevel | null => {
	const start = line.length > 2 * reach ? line.slice(0, 2 * reach) : line;
	const plain = start.includes('\x1b') ? start.replace(patterns.sequence, '') : start;
	return new Head(plain.length > reach ? plain.slice(0, reach) : plain, line).level();
};

/** What an item of the head says: the answer, or `undefined` when the next one has to be read. */
type Answer = LogLevel | null | undefined;

/**
 * Reads the head of a line item by item, past times, names and what stands in brackets, until a
 * level comes, or a word that only prose has at this place.
 */
class Head {
	readonly #text: string;
	readonly #line: string;
	#at = 0;
	/** Brackets that are open. */
	#depth = 0;
	/** No item of the innermost bracket has been read yet. */
	#isFirstInBracket = false;
	/** The bracket holds a word that is no name. */
	#hasProse = false;
	#hasStamp = false;
	/** A word has been passed over that may be a logger's name or prose: a level needs its mark. */
	#isDoubtful = false;
	#isAfterLabel = false;

	constructor(text: string, line: string) {
		this.#text = text;
		this.#line = line;
	}

	level(): LogLevel | null {
		for (let items = 0; items < mostItems && this.#toNextItem(); items++) {
			const code = this.#text.charCodeAt(this.#at);
			if (isQuote(code)) return null;
			if (code === brace) {
				if (matchesAt(patterns.jsonStart, this.#text, this.#at)) return this.#json();
				this.#openBracket();
				this.#at++;
				continue;
			}
			const answer = isDigit(code) ? this.#number() : this.#word(code);
			if (answer !== undefined) return answer;
		}
		return null;
	}

	/** Skips what is between items. False at the end of the head. */
	#toNextItem(): boolean {
		const text = this.#text;
		for (; this.#at < text.length; this.#at++) {
			const code = text.charCodeAt(this.#at);
			if (code < 128 && startsItem[code] === 1) return true;
			if (opensBracket(text, this.#at, code)) {
				this.#openBracket();
			} else if (closesBracket(code) && this.#depth > 0) {
				this.#depth--;
			}
		}
		return false;
	}

	#openBracket(): void {
		this.#depth++;
		this.#isFirstInBracket = true;
		this.#hasProse = false;
	}

	#endOfItem(): number {
		const text = this.#text;
		let end = this.#at + 1;
		while (end < text.length) {
			const code = text.charCodeAt(end);
			if (code >= 128 || endsItem[code] === 1) break;
			end++;
		}
		return end;
	}

	#json(): LogLevel | null {
		if (this.#depth > 0 || this.#isDoubtful) return null;
		return jsonLevel(this.#line.slice(this.#line.indexOf('{')));
	}

	#number(): Answer {
		const at = this.#at;
		const before = this.#text[at - 1];
		const isPart = before === ':' && !/[\])]/.test(this.#text[at - 2] ?? '');
		this.#isFirstInBracket = false;
		if (!isPart && matchesAt(patterns.stamp, this.#text, at)) {
			this.#hasStamp = true;
			this.#at = patterns.stamp.lastIndex;
			return undefined;
		}
		const end = this.#endOfItem();
		const isFree =
			isPart ||
			this.#depth > 0 ||
			this.#isAfterLabel ||
			this.#text[end] === ':' ||
			(this.#hasStamp && !this.#isDoubtful);
		this.#isAfterLabel = false;
		this.#at = end;
		return isFree ? undefined : null;
	}

	#word(code: number): Answer {
		const text = this.#text;
		const at = this.#at;
		if (code >= 0x43 && code <= 0x57 && matchesAt(patterns.letterLevel, text, at))
			return levelOfLetter(text.charAt(at));
		const end = this.#endOfItem();
		this.#at = end;
		const word = text.slice(at, end);
		if (this.#depth > 0) return this.#wordInBracket(word, end);
		const level = levelOf(word);
		if (level !== null && this.#isLevel(word, end)) return level;
		if (level !== null && isUpper(word)) return null;
		if (word.includes('=')) return this.#isDoubtful ? null : logfmtLevel(text, at);
		if (level === null && patterns.exceptionName.test(word) && this.#isException(end))
			return word.endsWith('Warning') ? 'WARNING' : 'ERROR';
		return this.#pass(word, at, end);
	}

	/** Whether one may read on behind a word that is no level. */
	#pass(word: string, at: number, end: number): Answer {
		const text = this.#text;
		const next = text[end];
		this.#isAfterLabel = labels.has(word) || patterns.stampWord.test(word);
		if (next === ':' || next === '[' || matchesAt(patterns.fieldEnd, text, end)) {
			this.#isDoubtful = false;
			return undefined;
		}
		if (this.#isAfterLabel || hasDigit.test(word)) return undefined;
		if (matchesAt(patterns.failure, text, at)) return 'ERROR';
		if (this.#isDoubtful) return null;
		this.#isDoubtful = !this.#hasStamp || !isName.test(word);
		return undefined;
	}

	#wordInBracket(word: string, end: number): Answer {
		const isFirst = this.#isFirstInBracket;
		const isTimed = this.#hasStamp && !this.#hasProse;
		this.#isFirstInBracket = false;
		const level = levelOf(word);
		if (level !== null) {
			const isEnd = matchesAt(patterns.bracketEnd, this.#text, end);
			const isSure = !this.#isDoubtful || isUpper(word);
			if ((isFirst || isTimed) && isEnd && isSure) return this.#unlessProgress(level);
			if (!isUpper(word)) return undefined;
			const isMarked = isFirst && matchesAt(patterns.mark, this.#text, end);
			if (isTimed || (isMarked && !this.#isValue(end))) return this.#unlessProgress(level);
		}
		// `WARNING/MainProcess`, as multiprocessing and celery print it.
		const ofProcess = isTimed ? levelOf(word.slice(0, Math.max(0, word.indexOf('/')))) : null;
		if (ofProcess !== null) return ofProcess;
		this.#hasProse ||= !isName.test(word) && !hasDigit.test(word);
		return undefined;
	}

	/** Whether a level's word outside of brackets stands for the level. */
	#isLevel(word: string, end: number): boolean {
		const text = this.#text;
		const isMarked = matchesAt(patterns.mark, text, end);
		if (patterns.progressBar.test(text)) return false;
		if (!isUpper(word))
			return !this.#isDoubtful && isColon.test(text.slice(end, end + 2)) && !this.#isValue(end);
		const isStrong =
			isMarked ||
			((this.#hasStamp || !this.#isDoubtful) && matchesAt(patterns.columnEnd, text, end));
		if (this.#isDoubtful && !isStrong) return false;
		if (this.#hasStamp && !this.#isDoubtful) return true;
		// Infinity, too.
		if (word === 'INF' || (ambiguous.has(word) && !isMarked) || this.#isValue(end)) return false;
		return isStrong || !matchesAt(patterns.count, text, end);
	}

	#isException(end: number): boolean {
		if (this.#isDoubtful || !matchesAt(patterns.exceptionEnd, this.#text, end)) return false;
		return !matchesAt(patterns.fraction, this.#text, end);
	}

	#isValue(end: number): boolean {
		return (
			matchesAt(patterns.value, this.#text, end) || matchesAt(patterns.fraction, this.#text, end)
		);
	}

	#unlessProgress(level: LogLevel): LogLevel | null {
		return patterns.progressBar.test(this.#text) ? null : level;
	}
}

const hasDigit = /\d/;
/** Of a module, a file, a host: no word of prose. */
const isName = /[._/\\@-]./;
const isColon = /^:\s?$/;
const isUpper = (word: string): boolean => word === word.toUpperCase();

const brace = 0x7b;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isQuote = (code: number): boolean => code === 0x22 || code === 0x27 || code === 0x60;
const opensBracket = (text: string, at: number, code: number): boolean =>
	code === 0x5b || code === 0x28 || (code === 0x3c && /[A-Za-z]/.test(text[at + 1] ?? ''));
const closesBracket = (code: number): boolean =>
	code === 0x5d || code === 0x29 || code === 0x3e || code === 0x7d;

/** Of the characters below 128: which open an item, and which end it. */
const tableOf = (characters: RegExp): Uint8Array =>
	Uint8Array.from({ length: 128 }, (_, code) =>
		characters.test(String.fromCharCode(code)) ? 1 : 0,
	);
const startsItem = tableOf(/[\w/.~@$\\{"'`]/);
const endsItem = tableOf(/[\s:|[\](){}<>"',;!]/);
