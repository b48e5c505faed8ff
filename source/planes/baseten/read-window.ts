import { type ApiLog, logPageLimit } from '../../contract/log.ts';
import { type LogSource, longestWindowMs, msOf } from './log-source.ts';

/** Lines of a range, whole: every line of the ms up to `throughMs` is among those read so far. */
export type WindowPart = {
	/** In rising order of time. */
	readonly lines: readonly ApiLog[];
	readonly throughMs: number;
	/** A ms with more lines than two pages hold: those in its middle can not be asked for. */
	readonly lostInMs: number | null;
};

/**
 * Reads all lines from `fromMs` to `toMs` (both inclusive) in pages. The API has no cursor and its
 * times of asking are whole ms: a page that is full may end in the middle of one, which is then
 * read again as a whole.
 */
export async function* readWindow(
	source: LogSource,
	fromMs: number,
	toMs: number,
): AsyncGenerator<WindowPart> {
	for (let start = fromMs; start <= toMs; start += longestWindowMs) {
		yield* readPages(source, start, Math.min(toMs, start + longestWindowMs - 1));
	}
}

async function* readPages(
	source: LogSource,
	fromMs: number,
	toMs: number,
): AsyncGenerator<WindowPart> {
	let from = fromMs;
	while (from <= toMs) {
		const { lines, isFull } = await ask(source, from, toMs, 'asc');
		const last = lines.at(-1);
		if (last === undefined || !isFull) {
			yield { lines, throughMs: toMs, lostInMs: null };
			return;
		}
		const lastMs = msOf(last);
		const whole = lines.filter((line) => msOf(line) < lastMs);
		if (whole.length > 0) {
			yield { lines: whole, throughMs: lastMs - 1, lostInMs: null };
			from = lastMs;
		} else {
			yield await readCrowdedMs(source, lastMs, lines);
			from = lastMs + 1;
		}
	}
}

/**
 * Lines from `fromMs` to `toMs`, at most a page of them: the first, or the last, in rising order.
 * Whether the API's end is part of its window is not documented: one ms is added, and what is
 * beyond it is left out.
 */
const ask = async (
	source: LogSource,
	fromMs: number,
	toMs: number,
	direction: 'asc' | 'desc',
): Promise<{ readonly lines: readonly ApiLog[]; readonly isFull: boolean }> => {
	const askTo = async (endMs: number) => {
		const lines = await source({
			start_epoch_millis: fromMs,
			end_epoch_millis: endMs,
			direction,
			limit: logPageLimit,
		});
		const ordered = direction === 'asc' ? lines : lines.toReversed();
		return {
			lines: ordered.filter((line) => msOf(line) <= toMs),
			isFull: lines.length >= logPageLimit,
		};
	};
	const page = await askTo(toMs + 1);
	// Of a crowded end, the ms beyond it may have taken the place: it shows that the end is part of
	// the window, so it need not be added.
	const isCrowdedOut = page.isFull && page.lines.length < logPageLimit;
	return isCrowdedOut && direction === 'desc' ? askTo(toMs) : page;
};

/** A ms of at least a page: its other end shows as many lines again. */
const readCrowdedMs = async (
	source: LogSource,
	ms: number,
	first: readonly ApiLog[],
): Promise<WindowPart> => {
	const head = first.filter((line) => msOf(line) === ms);
	const { lines: tail } = await ask(source, ms, ms, 'desc');
	return { ...joinEnds(head, tail), throughMs: ms };
};

/**
 * The two ends of a ms as one list. Up to the ns in which the first end stops, it is whole; the
 * other end is whole after the ns in which it starts. Where they meet within one ns, or do not
 * meet, lines may be missing. (Lines of one ns have no order: their sequence tells nothing.)
 */
const joinEnds = (
	head: readonly ApiLog[],
	tail: readonly ApiLog[],
): Pick<WindowPart, 'lines' | 'lostInMs'> => {
	const seam = BigInt(head.at(-1)?.timestamp ?? 0);
	const begin = BigInt(tail[0]?.timestamp ?? 0);
	const before = head.filter(({ timestamp }) => BigInt(timestamp) < seam);
	const from = tail.filter(({ timestamp }) => BigInt(timestamp) >= seam);
	if (begin < seam) return { lines: [...before, ...from], lostInMs: null };
	const known = new Set(from.map(keyOf));
	const onlyInHead = head.filter(
		(line) => BigInt(line.timestamp) === seam && !known.has(keyOf(line)),
	);
	const [first] = head;
	return {
		lines: [...before, ...onlyInHead, ...from],
		lostInMs: first === undefined ? null : msOf(first),
	};
};

/** What a line is known by: the API gives no id. Two equal lines are two lines. */
export const keyOf = ({
	timestamp,
	replica,
	message,
}: Pick<ApiLog, 'timestamp' | 'replica' | 'message'>): string =>
	`${timestamp} ${replica ?? ''} ${message}`;

/** The newest lines of a range, at most a page. */
export type NewestPage = {
	/** In rising order of time. */
	readonly lines: readonly ApiLog[];
	/** What is in this ms and before it is still unread; null when all of the range was read. */
	readonly cutInMs: number | null;
	readonly lostInMs: number | null;
};

/** Reads the newest lines from `fromMs` to `toMs`, both inclusive and at most 2 h apart. */
export const readNewest = async (
	source: LogSource,
	fromMs: number,
	toMs: number,
): Promise<NewestPage> => {
	const { lines, isFull } = await ask(source, fromMs, toMs, 'desc');
	const [oldest] = lines;
	if (oldest === undefined || !isFull) return { lines, cutInMs: null, lostInMs: null };
	const cut = msOf(oldest);
	const whole = lines.filter((line) => msOf(line) > cut);
	if (whole.length > 0) return { lines: whole, cutInMs: cut, lostInMs: null };
	const first = await ask(source, cut, cut, 'asc');
	const crowded = await readCrowdedMs(source, cut, first.lines);
	return { lines: crowded.lines, cutInMs: cut - 1, lostInMs: crowded.lostInMs };
};
