import { expect, test } from 'vitest';
import { parseTime, recordFilter } from '../../source/commands/record-filter.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const record = (agoMs: number, level: string | null = null, replica = '0') => ({
	seq: 1,
	timestamp: `${now - agoMs}000001`,
	message: '',
	replica,
	level,
});

test.each([
	['10m', now - 600_000],
	['-10m', now - 600_000],
	['1.5h', now - 5_400_000],
	['2d', now - 172_800_000],
	['30s', now - 30_000],
	['2026-11-24T11:00:00Z', now - 3_600_000],
])('%s', (text, at) => {
	expect(parseTime('--since', text, now)).toBe(at);
});

test.each(['', 'soon', '10', '10 m', '2026-99-01', '5w'])('%j is no time', (text) => {
	expect(() => parseTime('--since', text, now)).toThrow('--since: ');
});

test('records between two times', () => {
	const isWanted = recordFilter({ since: '10m', until: '5m' }, now);
	expect([601_000, 600_000, 400_000, 300_000, 0].map((ago) => isWanted(record(ago)))).toEqual([
		false,
		true,
		true,
		false,
		false,
	]);
});

test('records of a node, and from a level on; without a level only where none is asked for', () => {
	expect(recordFilter({ node: '1' }, now)(record(0, null, '1'))).toBe(true);
	expect(recordFilter({ node: '1' }, now)(record(0))).toBe(false);
	const isWanted = recordFilter({ level: 'warning' }, now);
	expect(
		['DEBUG', 'INFO', 'WARNING', 'ERROR', null].map((level) => isWanted(record(0, level))),
	).toEqual([false, false, true, true, false]);
	expect(recordFilter({}, now)(record(0))).toBe(true);
	expect(() => recordFilter({ level: 'loud' }, now)).toThrow('--level: "loud" is none of DEBUG');
});
