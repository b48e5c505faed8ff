import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everyLine } from '../../source/contract/line-filter.ts';
import { LineIndex } from '../../source/monitor/line-index.ts';
import { type LogPage, LogRing } from '../../source/monitor/log-ring.ts';
import type { RingLimits } from '../../source/monitor/ring-limits.ts';
import { record, records } from './fixtures.ts';

const ringOf = (limits: Partial<RingLimits> = {}): LogRing =>
	new LogRing({ lines: 100, bytes: 1e9, historyLines: 100, historyBytes: 1e9, ...limits });

const indexOf = (ring: LogRing, node: number | null): LineIndex => {
	const index = new LineIndex(ring, { filter: { ...everyLine, node }, isFolded: false });
	while (index.isPartial) index.step(1);
	return index;
};

const cursors = (ring: LogRing, node: number | null = null): number[] => {
	const index = indexOf(ring, node);
	const found: number[] = [];
	for (let seq = index.next(0); seq !== null; seq = index.next(seq + 1)) found.push(seq);
	return found;
};

const backwards = (ring: LogRing, node: number | null = null): number[] => {
	const index = indexOf(ring, node);
	const found: number[] = [];
	let seq = index.previous(Number.MAX_SAFE_INTEGER);
	for (; seq !== null; seq = index.previous(seq - 1)) found.push(seq);
	return found;
};

const page = (from: number, to: number): LogPage => ({
	records: records(from, to),
	from,
	to,
	isFiltered: false,
});

describe('append', () => {
	test('keeps what a line is made of', () => {
		const ring = ringOf();
		const timestamp = '1767268863221500000';
		ring.append([record(7, { timestamp, message: 'é 1', replica: '12', level: 'ERROR' })], null);
		expect(ring.line(7)).toEqual({
			seq: 7,
			time: 1767268863221.5,
			node: 12,
			level: 'ERROR',
			text: 'é 1',
			isTracebackHead: false,
		});
		expect(ring.line(6)).toBeNull();
		expect(ring.line(8)).toBeNull();
	});

	test('drops and counts what came before', () => {
		const ring = ringOf();
		ring.append(records(1, 5), null);
		expect(ring.append(records(3, 7), null)).toEqual({ added: 2, duplicates: 3, skipped: 0 });
		expect(cursors(ring)).toEqual([1, 2, 3, 4, 5, 6, 7]);
		expect(ring.duplicates).toBe(3);
	});

	test('keeps what comes after a jump and counts what was jumped over, but not before the first', () => {
		const ring = ringOf();
		ring.append(records(100, 102), null);
		expect(ring.skipped).toBe(0);
		ring.append(records(110, 110), null);
		expect(ring.skipped).toBe(7);
		expect(cursors(ring)).toEqual([100, 101, 102, 110]);
	});

	test('evicts whole oldest chunks and counts their lines', () => {
		const ring = ringOf({ lines: 8 });
		for (let seq = 1; seq <= 20; seq++) ring.append([record(seq)], null);
		expect(ring.lines).toBeLessThanOrEqual(8);
		expect(ring.lines + ring.evicted).toBe(20);
		expect(ring.first).toBe(ring.evicted + 1);
		expect(ring.last).toBe(20);
	});

	test('is bounded by bytes too', () => {
		const ring = ringOf({ lines: 1000, bytes: 20_000 });
		for (let seq = 1; seq <= 600; seq++) {
			ring.append([record(seq, { message: 'x'.repeat(100) })], null);
		}
		expect(ring.bytes).toBeLessThanOrEqual(60_000);
		expect(ring.evicted).toBeGreaterThan(0);
		expect(ring.line(600)?.text).toHaveLength(100);
	});

	test('a huge line closes its chunk, so that it can leave', () => {
		const ring = ringOf({ lines: 1000, bytes: 3e6 });
		for (let seq = 1; seq <= 200; seq++) {
			ring.append([record(seq, { message: 'x'.repeat(60_000) })], null);
		}
		expect(ring.bytes).toBeLessThanOrEqual(3e6);
	});
});

describe('history', () => {
	test('keeps evicted lines for a reader, and lets them go when nobody reads', () => {
		const ring = ringOf({ lines: 8, historyLines: 8 });
		ring.append(records(1, 8), null);
		ring.append(records(9, 30), 3);
		expect(ring.line(3)?.text).toBe('line 3');
		expect(ring.lines).toBeLessThanOrEqual(16);
		ring.append(records(31, 31), null);
		expect(ring.line(3)).toBeNull();
		expect(ring.lines).toBeLessThanOrEqual(8);
		expect(ring.lines + ring.evicted).toBe(31);
	});

	test('takes a page before the oldest line, without what is there', () => {
		const ring = ringOf();
		ring.append(records(50, 60), null);
		expect(ring.insertPage(page(40, 55), 50)).toBe(true);
		expect(cursors(ring)).toEqual(records(40, 60).map(({ seq }) => seq));
		expect(ring.insertPage(page(40, 49), 50)).toBe(false);
		expect(ring.skipped).toBe(0);
	});

	test('tells a hole between what a reader holds and the newest lines, and takes its page', () => {
		const ring = ringOf({ lines: 8, historyLines: 6 });
		ring.append(records(1, 8), null);
		for (let seq = 9; seq <= 40; seq++) ring.append([record(seq)], 1);
		const from = ring.coveredTo(1) + 1;
		const to = ring.coveredFrom(40) - 1;
		expect(to).toBeGreaterThan(from);
		expect([ring.covers(from - 1), ring.covers(from), ring.covers(to)]).toEqual([
			true,
			false,
			false,
		]);
		expect(ring.isWhole(from - 1, to + 1)).toBe(false);
		ring.insertPage(page(from, from), from);
		expect(ring.line(from)?.text).toBe(`line ${from}`);
		expect(ring.coveredTo(1)).toBe(from);
	});

	test('a page fills all holes that it reaches over, and doubles nothing', () => {
		const ring = ringOf();
		ring.append(records(50, 60), null);
		ring.insertPage(page(10, 20), 10);
		ring.insertPage(page(30, 31), 10);
		expect(ring.isWhole(10, 60)).toBe(false);
		expect(ring.insertPage(page(5, 55), 10)).toBe(true);
		expect(ring.isWhole(5, 60)).toBe(true);
		expect(cursors(ring)).toEqual(records(5, 60).map(({ seq }) => seq));
	});

	test('does not grow however far a reader scrolls back', () => {
		const ring = ringOf({ lines: 100, historyLines: 300 });
		ring.append(records(100_000, 100_100), null);
		for (let before = 100_000; before > 90_000; before -= 100) {
			ring.insertPage(page(before - 100, before - 1), before);
		}
		expect(ring.lines).toBeLessThanOrEqual(500);
		expect(ring.line(90_000)?.seq).toBe(90_000);
	});
});

test('agrees with a plain array, whatever arrives', () => {
	const batch = fc.array(
		fc.record({ jump: fc.integer({ min: -2, max: 3 }), node: fc.integer({ min: 0, max: 2 }) }),
		{ maxLength: 12 },
	);
	fc.assert(
		fc.property(
			fc.array(batch, { maxLength: 20 }),
			fc.integer({ min: 4, max: 40 }),
			(feed, lines) => {
				const ring = ringOf({ lines });
				const model: { seq: number; node: number }[] = [];
				let last = 0;
				let duplicates = 0;
				for (const steps of feed) {
					const arriving = steps.map(({ jump, node }) => {
						const seq = Math.max(1, last + jump);
						if (seq > last) {
							model.push({ seq, node });
							last = seq;
						} else duplicates++;
						return record(seq, { replica: String(node), message: `text ${seq}` });
					});
					ring.append(arriving, null);
				}
				const kept = model.slice(model.length - ring.lines);
				expect(ring.lines).toBe(Math.min(model.length, ring.lines));
				expect(ring.lines).toBeLessThanOrEqual(lines);
				expect(ring.evicted).toBe(model.length - kept.length);
				expect(ring.duplicates).toBe(duplicates);
				expect(cursors(ring)).toEqual(kept.map(({ seq }) => seq));
				for (const node of [0, 1, 2]) {
					const ofNode = kept.filter((line) => line.node === node).map(({ seq }) => seq);
					expect(cursors(ring, node)).toEqual(ofNode);
					expect(backwards(ring, node)).toEqual(ofNode.toReversed());
					const middle = ofNode[Math.floor(ofNode.length / 2)] ?? 0;
					const count = indexOf(ring, node).count(middle + 1, ring.last);
					expect(count).toBe(ofNode.filter((seq) => seq > middle).length);
				}
				for (const { seq, node } of kept) {
					expect(ring.line(seq)).toMatchObject({ node, text: `text ${seq}` });
				}
			},
		),
	);
});
