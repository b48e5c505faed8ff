import { describe, expect, test } from 'vitest';
import { cleanLogText } from '../../source/contract/log-text.ts';
import { LineSplitter } from '../../source/planes/local/line-splitter.ts';
import { logLines } from './log-lines.ts';

const record = (bytes: string | Buffer): string => {
	const splitter = new LineSplitter();
	const lines = [...splitter.push(Buffer.from(bytes), 0), ...splitter.push(Buffer.from('\n'), 0)];
	expect(lines).toHaveLength(1);
	return lines[0] ?? '';
};

describe('a line of the corpus is cleaned to what it shows', () => {
	test.each(logLines)('$name', ({ bytes, shows }) => {
		const clean = cleanLogText(record(bytes));
		expect(clean.replaceAll(/\x1b\[[0-9;:]*m/g, '').trimEnd()).toBe(shows);
		expect(cleanLogText(clean)).toBe(clean);
	});
});

test('names of the corpus are unique', () => {
	expect(new Set(logLines.map(({ name }) => name)).size).toBe(logLines.length);
});
