import { levelOf } from '../contract/level-words.ts';
import { afterPrefix, type LinePrefix, prefixOf } from './line-prefix.ts';

/**
 * Place of a line in a traceback: none, the line that opens one, one within, or the exception's own
 * line, which is the last unless a chain, a group or a remote traceback goes on after it.
 */
export type TracebackPart = 'none' | 'head' | 'body' | 'end';

const longestHeader = 512;
/** Lines of others that may come before a block goes on. */
const patience = 256;
/** Lines of source and marks that a frame has at most. */
const mostUnderFrame = 24;
/** Blank lines between an exception and what is chained to it. */
const mostFillers = 2;

/** What is before it is what each line of the block starts with. `╭─` opens a box of rich's. */
const header =
	/^(.*?)(?:Original )?( {2}\+ Exception Group |╭─+ )?Traceback \(most recent call last\)(?::| ─+╮)$/;
const firstInside = / {2}(?:\| {3})?File "|│/;
const frame = /^ {2}(?:File "|\[Previous line repeated )/;
const box = /^[│╰]/;
const margin = /^ {2,}[|+]/;
const groupsOwn = /^ {2}\| /;
const filler = /^(?:""")?$/;
const chainSentence =
	/^(?:During handling of the above exception, another exception occurred|The above exception was the direct cause of the following exception):$/;
const exception =
	/^([A-Za-z_][\w.]{0,200}(?:<locals>\.[\w.]{1,200})*)(?:\([\w.]{1,200}\))?(?::(?: +(.?).*)?)?$/s;

/** Whether a line is an exception's own, and no other output of a word and a colon. */
const isException = (text: string): boolean => {
	const [, name, message = ''] = exception.exec(text) ?? [];
	if (name === undefined || (name === name.toUpperCase() && levelOf(name) !== null)) return false;
	if (name.includes('.') || /(?:Error|Exception|Exit|Interrupt)$/.test(name)) return true;
	return /^[A-Z_]/.test(name) && !/[-+\d]/.test(message);
};

/** A traceback under way: which lines are its own is known from those before. */
export class TracebackBlock {
	readonly #beforeHeader: string;
	#prefix: LinePrefix;
	#phase: 'opened' | 'frames' | 'ended' | 'chaining' = 'opened';
	#isGroup: boolean;
	#underFrame = 0;
	#fillers = 0;
	/** The lines since the exception's are all the block's own. */
	#isWhole = true;
	#patience = patience;

	private constructor(beforeHeader: string, isGroup: boolean) {
		this.#beforeHeader = beforeHeader;
		this.#prefix = prefixOf(beforeHeader);
		this.#isGroup = isGroup;
	}

	/** The block that a line opens, null when it opens none. */
	static open(line: string): TracebackBlock | null {
		const match = line.length > longestHeader ? null : header.exec(line);
		return match && new TracebackBlock(match[1] ?? '', match[2]?.includes('+') ?? false);
	}

	/** Takes the next line of the node, if it is the block's own. */
	take(line: string): TracebackPart {
		const text = this.#phase === 'opened' ? this.#settle(line) : afterPrefix(this.#prefix, line);
		const part = text === null ? 'none' : this.#partOf(text);
		if (part !== 'none') this.#patience = patience;
		return part;
	}

	/** Whether the block may still go on after a line that is not its own. */
	outlives(line: string, isHeader: boolean): boolean {
		if (afterPrefix(this.#prefix, line) !== null) {
			if (isHeader || this.#phase !== 'ended') return false;
			this.#isWhole = false;
		}
		this.#patience--;
		return this.#patience > 0;
	}

	/**
	 * The first line inside tells what all lines start with: all that is before the header, or a
	 * part of it (`worker 1: step failed: Traceback …`), or nothing (a logger's record).
	 */
	#settle(line: string): string | null {
		const at = line.search(firstInside);
		if (at >= 0 && at <= this.#beforeHeader.length) {
			const prefix = prefixOf(this.#beforeHeader.slice(0, at));
			const text = afterPrefix(prefix, line);
			if (text !== null) this.#prefix = prefix;
			return text;
		}
		return afterPrefix(this.#prefix, line);
	}

	#partOf(text: string): TracebackPart {
		if (this.#phase === 'ended') return this.#afterEnd(text);
		if (this.#phase === 'chaining') return this.#inChain(text);
		const part = this.#inside(text);
		if (part !== 'none') this.#phase = part === 'end' ? 'ended' : 'frames';
		return part;
	}

	#inside(text: string): TracebackPart {
		if (frame.test(text)) {
			this.#underFrame = 0;
			return 'body';
		}
		const isOwn = this.#isGroup ? groupsOwn.test(text) : true;
		if (isOwn && isException(this.#isGroup ? text.slice(4) : text)) return this.#end();
		if (this.#isGroup && margin.test(text)) return 'body';
		if (box.test(text)) return 'body';
		const isUnderFrame = text.startsWith('    ') || (text === '' && this.#underFrame > 0);
		this.#underFrame++;
		return isUnderFrame && this.#underFrame <= mostUnderFrame ? 'body' : 'none';
	}

	#end(): TracebackPart {
		this.#fillers = 0;
		this.#isWhole = true;
		return 'end';
	}

	#afterEnd(text: string): TracebackPart {
		if (chainSentence.test(text)) {
			this.#phase = 'chaining';
			this.#fillers = 0;
			return 'body';
		}
		if (!this.#isWhole) return 'none';
		if (this.#isGroup && margin.test(text)) return 'body';
		if (filler.test(text)) return this.#fill();
		// A remote one, in the message of the exception: of a worker of ray or of a data loader.
		const goesOn = frame.test(text) || (text.startsWith('Original ') && header.test(text));
		if (!goesOn || this.#fillers > 0) return 'none';
		this.#enter(false);
		return 'body';
	}

	#inChain(text: string): TracebackPart {
		if (text === '') return this.#fill();
		const [, before, kind = ''] = header.exec(text) ?? [];
		if (before !== '') return 'none';
		this.#enter(kind.includes('+'));
		return 'body';
	}

	#fill(): TracebackPart {
		this.#fillers++;
		return this.#fillers <= mostFillers ? 'body' : 'none';
	}

	#enter(isGroup: boolean): void {
		this.#phase = 'frames';
		this.#isGroup = isGroup;
		this.#underFrame = 0;
	}
}
