import { describe, expect, test } from 'vitest';
import { createLinkPace } from '../../source/ui/link-pace.ts';

type Link = {
	/** Bytes a ms. */
	readonly rate: number;
	/** Ms there and back. */
	readonly delay: number;
	readonly answers: boolean;
	/** Bytes that the system takes before a write blocks. */
	readonly buffer: number;
};

const frameBytes = 6_000;

type Flood = {
	/** For each ms, how long what is sent then would wait in front of the link, ms. */
	readonly waits: readonly number[];
	/** Bytes sent. */
	readonly bytes: number;
};

/** Sends 30 frames a second, or as many as there is room for, over a link of which all is known. */
const flood = ({ rate, delay, answers, buffer }: Link, ms: number): Flood => {
	const pace = createLinkPace();
	const arrivals: { at: number; hasQuestion: boolean }[] = [];
	const waits: number[] = [];
	let sent = 0;
	let pending = 0;
	let freeAt = 0;
	let writing: { bytes: number; since: number } | null = null;
	for (let now = 0; now < ms; now++) {
		for (let [next] = arrivals; next !== undefined && next.at + delay <= now; [next] = arrivals) {
			arrivals.shift();
			if (next.hasQuestion && answers) pace.answered(now);
		}
		const waiting = Math.max(0, freeAt - now);
		if (writing !== null && waiting * rate <= buffer) {
			pace.written(writing.bytes, now - writing.since, now);
			writing = null;
		}
		waits.push(waiting);
		if (pending === 0 && now % 33 === 0) pending = frameBytes;
		const room = pace.room(now);
		if (writing !== null || pending === 0 || room <= 0) continue;
		const bytes = Math.min(pending, Math.max(200, room));
		const hasQuestion = pace.shouldAsk(now);
		pace.sent(bytes, hasQuestion, now);
		pending -= bytes;
		sent += bytes;
		freeAt = Math.max(freeAt, now) + bytes / rate;
		arrivals.push({ at: freeAt, hasQuestion });
		writing = { bytes, since: now };
	}
	return { waits, bytes: sent };
};

const part = (waits: readonly number[], test: (wait: number) => boolean): number =>
	waits.filter(test).length / waits.length;

describe('a terminal that answers', () => {
	test.each([
		[64, 0],
		[64, 100],
		[256, 0],
		[256, 50],
		[2_000, 200],
	])('at %i kbit/s and %i ms: what is sent does not wait, and the link is used', (kbit, delay) => {
		const link = { rate: kbit / 8, delay, answers: true, buffer: 20_000 };
		const { waits, bytes } = flood(link, 30_000);
		expect(part(waits.slice(4_000), (wait) => wait > 90)).toBeLessThan(0.12);
		expect(bytes / 30_000).toBeGreaterThan(0.4 * Math.min(link.rate, frameBytes / 33));
	});

	test('whose link becomes a longer one is measured anew', () => {
		const pace = createLinkPace();
		let now = 0;
		let room = 0;
		const talk = (ms: number, until: number): void => {
			while (now < until) {
				room = pace.room(now);
				pace.sent(Math.max(1, Math.min(room, 6_000)), true, now);
				now += ms;
				pace.answered(now);
			}
		};
		talk(5, 5_000);
		expect(room).toBeGreaterThan(6_000);
		talk(300, 25_000);
		expect(room).toBeGreaterThan(6_000);
	});

	test('whose answer is lost gets a little every few seconds', () => {
		const pace = createLinkPace();
		pace.sent(10, true, 0);
		pace.answered(5);
		pace.sent(8_000, true, 10);
		expect(pace.room(11)).toBeLessThanOrEqual(0);
		expect(pace.isAwaiting(11)).toBe(true);
		expect(pace.room(3_100)).toBeGreaterThan(0);
		expect(pace.isAwaiting(3_100)).toBe(false);
	});

	test('late, because the link is slow, is not taken for silent', () => {
		const pace = createLinkPace();
		pace.sent(16_000, true, 0);
		expect(pace.shouldAsk(1_500)).toBe(false);
		pace.answered(2_000);
		expect(pace.shouldAsk(2_001)).toBe(true);
		pace.sent(300, true, 2_010);
		expect(pace.room(2_020)).toBeLessThanOrEqual(0);
	});
});

describe('a terminal that never answers', () => {
	test('is not asked again, and not waited for', () => {
		const pace = createLinkPace();
		pace.sent(8_000, true, 0);
		expect(pace.room(10)).toBeLessThanOrEqual(0);
		expect(pace.room(1_100)).toBe(Number.POSITIVE_INFINITY);
		expect(pace.shouldAsk(1_100)).toBe(false);
		expect(pace.isAwaiting(1_100)).toBe(false);
	});

	test('and is slow: once full buffers have told so, what is sent does not wait', () => {
		const link = { rate: 8, delay: 0, answers: false, buffer: 20_000 };
		const { waits, bytes } = flood(link, 60_000);
		expect(part(waits.slice(0, 12_000), (wait) => wait > 90)).toBeGreaterThan(0.1);
		expect(part(waits.slice(12_000), (wait) => wait > 90)).toBeLessThan(0.05);
		expect(bytes / 60_000).toBeGreaterThan(0.6 * link.rate);
	});
});
