import { expect, test } from 'vitest';
import { levelSign } from '../../source/monitor/level-sign.ts';

test.each([
	['ERROR', 'E'],
	['error', 'E'],
	['CRITICAL', 'E'],
	['FATAL', 'E'],
	['WARNING', 'W'],
	['warn', 'W'],
	['INFO', ' '],
	['DEBUG', ' '],
	['GAP', ' '],
	['', ' '],
	[null, ' '],
])('%s', (level, sign) => expect(levelSign(level)).toBe(sign));
