/** Ms that what was sent may wait on its way to the terminal, beyond the link's own delay. */
const targetMs = 30;
const leastWindow = 256;
const mostWindow = 256 * 1024;
/** Ms after which the link's own delay is measured again: people move. */
const delayHoldsMs = 10_000;
/** Bytes on the way before anything is known. */
const firstWindow = 1024;
/** A terminal that has not answered in so many ms never will. */
const silentAfterMs = 1000;
/** An answer that takes so many ms is lost. */
const lostAfterMs = 2000;

/** A write that takes so many ms has met a full buffer. */
const blockedMs = 200;
/** What systems hold back of a terminal's output: Linux 4 to 20 KiB. */
const bufferBytes = 20 * 1024;
/** Part of a measured rate that is used: the rest keeps the buffer empty. */
const usedRate = 0.7;
/** Ms after which a measured rate is measured again. */
const rateHoldsMs = 60_000;

/**
 * How much may be sent to a terminal, so that what comes next is shown soon. Terminals answer a
 * question in the order in which they draw: how late the answers are tells how much waits in the
 * buffers on the way, wherever they are. Of one that never answers, only full buffers tell.
 * Times are ms of one clock.
 */
export type LinkPace = {
	/** Bytes that may be sent now. */
	room(now: number): number;
	/** Whether a question is of use. */
	shouldAsk(now: number): boolean;
	/** Bytes were sent, with a question at their end or not. */
	sent(bytes: number, hasQuestion: boolean, now: number): void;
	/** Sending them has taken so many ms. */
	written(bytes: number, ms: number, now: number): void;
	answered(now: number): void;
	/** Whether an answer is still to come. */
	isAwaiting(now: number): boolean;
};

type Question = { readonly at: number; readonly bytes: number; readonly isAlone: boolean };

/** Paces by writes that have blocked, for terminals that do not answer. */
const createBlindPace = (): Pick<LinkPace, 'room' | 'sent' | 'written'> => {
	let rate = Number.POSITIVE_INFINITY;
	let measuredAt = 0;
	let waiting = 0;
	let waitingAt = 0;
	let blockedAt: number | null = null;
	let sinceBlocked = 0;

	const drain = (now: number): void => {
		if (now - measuredAt > rateHoldsMs) rate = Number.POSITIVE_INFINITY;
		waiting = Math.max(0, waiting - (rate * (now - waitingAt) || 0));
		waitingAt = now;
	};
	return {
		room(now) {
			drain(now);
			return rate * targetMs - waiting;
		},
		sent(bytes, _, now) {
			drain(now);
			waiting += bytes;
		},
		written(bytes, ms, now) {
			sinceBlocked += bytes;
			if (ms < blockedMs) return;
			// From one full buffer to the next, as much went out as came in.
			if (blockedAt !== null && now - blockedAt < 10 * silentAfterMs) {
				rate = (sinceBlocked / (now - blockedAt)) * usedRate;
				measuredAt = now;
				waiting = bufferBytes;
				waitingAt = now;
			}
			blockedAt = now;
			sinceBlocked = 0;
		},
	};
};

export const createLinkPace = (): LinkPace => {
	const blind = createBlindPace();
	let questions: Question[] = [];
	let window = firstWindow;
	/** The link's own delay, ms: of a small question that nothing was in front of. */
	let delay = Number.POSITIVE_INFINITY;
	let delayAt = Number.NEGATIVE_INFINITY;
	let hasAnswered = false;
	let firstAskedAt: number | null = null;
	let unasked = 0;

	const isSilent = (now: number): boolean =>
		!hasAnswered && (firstAskedAt === null || now - firstAskedAt > silentAfterMs);
	const onTheWay = (): number => questions.reduce((sum, { bytes }) => sum + bytes, unasked);
	const forgetLost = (now: number): void => {
		const [oldest] = questions;
		if (oldest === undefined || now - oldest.at <= lostAfterMs) return;
		questions = [];
		window = leastWindow;
	};
	const isDelayDue = (now: number): boolean => now - delayAt > delayHoldsMs;
	return {
		room(now) {
			if (isSilent(now)) return blind.room(now);
			forgetLost(now);
			if (questions.length > 0) return isDelayDue(now) ? 0 : window - onTheWay();
			// What goes out without a question is not known to arrive: it must not close the window.
			return isDelayDue(now) ? leastWindow : window;
		},
		shouldAsk: (now) => firstAskedAt === null || !isSilent(now),
		sent(bytes, hasQuestion, now) {
			blind.sent(bytes, hasQuestion, now);
			unasked += bytes;
			if (!hasQuestion) return;
			firstAskedAt ??= now;
			const isAlone = questions.length === 0 && unasked <= 2 * leastWindow;
			questions.push({ at: now, bytes: unasked, isAlone });
			unasked = 0;
		},
		written: blind.written,
		answered(now) {
			const wasLimited = onTheWay() > window / 2;
			const question = questions.shift();
			if (question === undefined) return;
			hasAnswered = true;
			const took = now - question.at;
			if (question.isAlone && isDelayDue(now)) {
				delay = took;
				delayAt = now;
			}
			delay = Math.min(delay, took);
			const waited = Math.max(0, took - delay);
			if (waited > targetMs) {
				window = Math.max(leastWindow, window * Math.max(0.25, targetMs / waited));
			} else if (wasLimited && delay < Number.POSITIVE_INFINITY) {
				window = Math.min(mostWindow, window * (waited < targetMs / 3 ? 2 : 1.25));
			}
		},
		isAwaiting(now) {
			forgetLost(now);
			return questions.length > 0 && !isSilent(now);
		},
	};
};
