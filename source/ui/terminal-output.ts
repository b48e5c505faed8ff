import { setTimeout as delay } from 'node:timers/promises';
import { createFramePainter, type PaneRows, unpaintedModes } from './frame-painter.ts';
import { createLinkPace } from './link-pace.ts';
import { steadyColumns } from './steady-columns.ts';
import type { Surface } from './surface.ts';

/** Device status report and its answer (ECMA-48 DSR): asks the terminal whether it is there. */
const question = '\x1b[5n';
const answer = '\x1b[0n';

const enterAlternateScreen = '\x1b[?1049h';
const exitAlternateScreen = '\x1b[?1049l';

/** What may go out at once for a pressed key, bytes, beyond what a slow link has room for. */
const urgentBytes = 256;
/** Ms between two looks whether a slow link has room again, when no answer tells. */
const lookAgainMs = 50;
/** Ms in which answers still come before the terminal is handed over. */
const settleMs = 1000;
const settleStepMs = 5;

/** The terminal as Ink sees it, and what is known of the way to it. */
export type TerminalOutput = {
	readonly stdin: NodeJS.ReadStream;
	/** Whatever is written to the terminal while Ink has it goes this way, to stay in order. */
	readonly stdout: NodeJS.WriteStream;
	readonly surface: Surface;
	/** Whether the last frame has gone out, and the next one would not have to wait. */
	isReady(): boolean;
	/** Calls `work` once, as soon as it is ready; returns what cancels. */
	whenReady(work: () => void): () => void;
	/** What is drawn next has to be shown at once. */
	hurry(): void;
	/** Resolves when all is written and nothing more comes back of it from the terminal. */
	settle(): Promise<void>;
	/** Settles, and draws nothing more. What is written still goes out. */
	end(): Promise<void>;
	/** Leaves the streams alone, once Ink has. */
	close(): void;
};

/** Brings bytes to the terminal. */
export type TerminalWriter = {
	/** Calls `done` when the terminal has taken them; there is one write at a time. */
	write(bytes: Buffer, done: () => void): void;
	/** Returns when it has, for the last words of a process. */
	writeNow(bytes: Buffer): void;
};

export type TerminalEdges = {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly writer: TerminalWriter;
	/** Ms of a steady clock. */
	readonly now?: () => number;
};

/** A stream with some of its methods replaced; everything else is the stream's own. */
const standIn = <Stream extends object>(stream: Stream, replaced: Partial<Stream>): Stream =>
	new Proxy(stream, {
		get(target, key) {
			if (Object.hasOwn(replaced, key)) return Reflect.get(replaced, key);
			const value: unknown = Reflect.get(target, key);
			return typeof value === 'function' ? value.bind(target) : value;
		},
	});

/**
 * Stands between Ink and the terminal. Node writes to terminals synchronously: one that reads
 * slowly would hold up keys and feeds. Here one write at a time runs beside the event loop, and of
 * the frames that Ink draws meanwhile only the last one is kept.
 *
 * Ink has to run with `debug`, in which it writes each frame as a whole: what a terminal shows is
 * known here alone, so that a frame can be dropped or painted in pieces at any time.
 */
export const openTerminalOutput = ({
	stdin,
	stdout,
	writer,
	now = () => performance.now(),
}: TerminalEdges): TerminalOutput => {
	const painter = createFramePainter();
	const pace = createLinkPace();
	const waiting = new Set<() => void>();
	let pane: PaneRows | null = null;
	let queue: { readonly text: string; readonly done: (() => void) | undefined }[] = [];
	let isWriting = false;
	let isShown = false;
	let isRaw = false;
	let isHeld = false;
	let isUrgent = false;
	let isExiting = false;
	let timer: NodeJS.Timeout | undefined;

	const send = (text: string, done: () => void): void => {
		const bytes = Buffer.from(text);
		pace.sent(bytes.length, text.includes(question), now());
		const startedAt = now();
		isWriting = true;
		writer.write(bytes, () => {
			isWriting = false;
			pace.written(bytes.length, now() - startedAt, now());
			done();
			pump();
		});
	};
	const sendQueue = (): void => {
		const batch = queue;
		queue = [];
		send(batch.map(({ text }) => text).join(''), () => {
			for (const { done } of batch) done?.();
		});
	};
	const asked = (text: string): string => (isRaw && pace.shouldAsk(now()) ? text + question : text);
	const sendFrame = (): void => {
		const room = pace.room(now()) + (isUrgent ? urgentBytes : 0);
		if (room <= 0) return;
		isUrgent = false;
		send(asked(steadyColumns(painter.paint(room))), () => {});
	};
	const canPaint = (): boolean => isShown && !isHeld && !painter.isDone();
	const isReady = (): boolean =>
		!isShown || (!isWriting && queue.length === 0 && !canPaint() && pace.room(now()) > 0);
	const lookAgain = (): void => {
		clearTimeout(timer);
		const isStuck = !isWriting && (canPaint() || waiting.size > 0);
		timer = isStuck ? setTimeout(pump, lookAgainMs).unref() : undefined;
	};
	const pump = (): void => {
		if (isWriting || isExiting) return;
		if (queue.length > 0) sendQueue();
		else if (canPaint()) sendFrame();
		else isUrgent = false;
		if (isReady()) {
			const ready = [...waiting];
			waiting.clear();
			for (const work of ready) work();
		}
		lookAgain();
	};

	const control = (text: string, done?: () => void): void => {
		if (text === '' && done === undefined) return;
		if (text === enterAlternateScreen) {
			isShown = true;
			painter.forget();
		}
		const isExit = text === exitAlternateScreen;
		if (isExit) isShown = false;
		queue.push({ text: isExit ? unpaintedModes + text : text, done });
		if (isExiting) exitNow();
		else pump();
	};
	const frame = (text: string): void => {
		const rows = text.split('\n');
		// Drawn before Ink knew of a new size; another one follows.
		if (rows.length !== stdout.rows) return;
		painter.want(rows, pane, stdout.columns);
		pump();
	};
	const exitNow = (): void => {
		isExiting = true;
		const rest = queue;
		queue = [];
		writer.writeNow(Buffer.from(rest.map(({ text }) => text).join('')));
		for (const { done } of rest) done?.();
	};
	process.on('exit', exitNow);
	// Before Ink's own listener, whose frame is the first of the new size.
	stdout.on('resize', painter.forget);

	const answered = (): void => {
		pace.answered(now());
		pump();
	};
	const read = (): string | null => {
		for (;;) {
			const chunk: string | Buffer | null = stdin.read();
			if (chunk === null) return null;
			// Taken out before keys are looked for: behind an Escape it would read as another key.
			const [first = '', ...rest] = String(chunk).split(answer);
			for (const _ of rest) answered();
			const keys = first + rest.join('');
			if (keys !== '') return keys;
		}
	};
	const setRawMode = (raw: boolean): NodeJS.ReadStream => {
		stdin.setRawMode(raw);
		// Without raw mode the terminal would print the answer.
		isRaw = raw;
		if (raw && isShown && !isHeld) control(asked(''));
		return stdin;
	};
	const settle = async (): Promise<void> => {
		isHeld = true;
		const until = now() + settleMs;
		while ((isWriting || queue.length > 0 || pace.isAwaiting(now())) && now() < until) {
			await delay(settleStepMs);
		}
	};
	return {
		stdin: standIn(stdin, { read, setRawMode }),
		stdout: standIn(stdout, {
			write: (text: string | Uint8Array, ...rest: unknown[]): boolean => {
				const done = rest.find((each): each is () => void => typeof each === 'function');
				const words = String(text);
				// Everything else that Ink writes is a mode, and has no rows.
				if (isShown && words.includes('\n')) frame(words);
				else control(words, done);
				return true;
			},
		}),
		surface: {
			show: (next) => {
				pane = next;
			},
		},
		isReady,
		whenReady(work) {
			waiting.add(work);
			lookAgain();
			return () => waiting.delete(work);
		},
		hurry: () => {
			isUrgent = true;
		},
		async settle() {
			await settle();
			isHeld = false;
		},
		end: settle,
		close() {
			clearTimeout(timer);
			process.off('exit', exitNow);
			stdout.off('resize', painter.forget);
		},
	};
};
