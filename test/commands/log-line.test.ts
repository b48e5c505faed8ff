import { describe, expect, test } from 'vitest';
import { logLine } from '../../source/commands/log-line.ts';

const record = (message: string) => ({
	seq: 7,
	timestamp: '1000000000',
	message,
	replica: '0',
	level: null,
});

describe('a state of a progress bar', () => {
	const bar = record('\x1b[32m 45%|████▌ | 45/100\x1b[0m\r');

	test('is a line as others are', () => {
		expect(logLine(bar, 'plain')).toBe('00:00:01.000 0  45%|████▌ | 45/100\n');
		expect(logLine(bar, 'colour')).toBe(
			'00:00:01.000 0 \x1b[32m 45%|████▌ | 45/100\x1b[0m\x1b[0m\n',
		);
	});

	test('is a record without its mark', () => {
		expect(JSON.parse(logLine(bar, 'json'))).toEqual({
			...bar,
			message: bar.message.slice(0, -1),
		});
	});
});

test('what is printed keeps its characters, and steers nothing', () => {
	const text = '👩‍👩‍👧 👋🏽 ❤️ a\u200bb e\u0301 क्षि';
	const line = record(`\x1b]0;owned\x07\u202e${text}\x1b[2J\tx`);
	expect(logLine(line, 'plain')).toMatch(new RegExp(`^00:00:01.000 0 ${text} +x\n$`));
});
