import { describe, expect, test } from 'vitest';
import { parseGoto } from '../../source/monitor/goto.ts';

/** 12:00 in the time zone of the tests. */
const noon = new Date(2026, 0, 31, 12, 0, 0).getTime();
const at = (day: number, hours: number, minutes: number, seconds = 0): number =>
	new Date(2026, 0, day, hours, minutes, seconds).getTime();

describe('a place in the log', () => {
	test.each([
		['11:30', { kind: 'time', ms: at(31, 11, 30) }],
		[':11:30', { kind: 'time', ms: at(31, 11, 30) }],
		['11:30:05', { kind: 'time', ms: at(31, 11, 30, 5) }],
		['9:05', { kind: 'time', ms: at(31, 9, 5) }],
		// Not yet today: it was yesterday.
		['12:30', { kind: 'time', ms: at(30, 12, 30) }],
		['2026-01-29 08:15', { kind: 'time', ms: at(29, 8, 15) }],
		['2026-01-29', { kind: 'time', ms: at(29, 0, 0) }],
		['-10m', { kind: 'time', ms: noon - 600_000 }],
		['-1.5h', { kind: 'time', ms: noon - 5_400_000 }],
		['-2d', { kind: 'time', ms: noon - 2 * 86_400_000 }],
		['1200', { kind: 'line', line: 1200 }],
		['0', { kind: 'line', line: 1 }],
		['error', { kind: 'first-error' }],
		['Failure', { kind: 'last-failure' }],
	])('%s', (text, expected) => expect(parseGoto(text, noon)).toEqual(expected));

	test.each(['noon', '25:00', '12:61', '10m', '-10', '-5w', '2026-13-45', ''])(
		'%j is none',
		(text) =>
			expect(parseGoto(text, noon)).toEqual({ error: expect.stringContaining('is no place') }),
	);
});
