import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMask } from '../../../source/planes/local/mask.ts';
import { OutputTail } from '../../../source/planes/local/output-tail.ts';
import { createStamps } from '../../../source/planes/local/timestamps.ts';
import { until } from '../../faults/until.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

describe('a mask', () => {
	const awkward = ['token-12345678', '"quoted" é\\'];
	const mask = createMask(['s3cret/key', 's3cret/key-longer', 'abc', 'two\nlines', ...awkward]);

	test.each([
		['token s3cret/key.', 'token ***.'],
		['the longer s3cret/key-longer leaves nothing', 'the longer *** leaves nothing'],
		['https://x@h?t=s3cret%2Fkey', 'https://x@h?t=***'],
		['two', 'two'],
		['lines of a longer secret', '*** of a longer secret'],
		['Basic eDp0b2tlbi0xMjM0NTY3OA==', 'Basic eDp***A=='],
		['bad {"a":"\\"quoted\\" é\\\\"}', 'bad {"a":"***"}'],
		['a=%22quoted%22+%c3%a9%5c b=%22quoted%22%20%C3%A9%5C', 'a=*** b=***'],
		['cut in to … [9 bytes cut]', 'cut in *** … [9 bytes cut]'],
		['cut in to … [9 bytes cut]\r', 'cut in *** … [9 bytes cut]\r'],
		['not cut in to', 'not cut in to'],
		['abc is too short to hide', 'abc is too short to hide'],
	])('%s', (line, masked) => {
		expect(mask(line)).toBe(masked);
	});
});

test('stamps rise strictly, also when the clock stands still or goes back', () => {
	let now = 1000;
	const stamp = createStamps(() => now);
	const stamps = [stamp(), stamp()];
	now = 900;
	stamps.push(stamp());
	now = 1001;
	stamps.push(stamp());
	expect(stamps).toEqual(['1000000000', '1000000001', '1000000002', '1001000000']);
});

describe('the tail of a file', () => {
	const follow = async (path: string, offset: number) => {
		const lines: string[] = [];
		let settled = offset;
		const tail = new OutputTail({
			path,
			offset,
			onLines: (more, at) => {
				lines.push(...more);
				settled = at;
			},
		});
		await tail.start();
		onTestFinished(() => tail.close());
		return { lines, tail, settled: () => settled };
	};

	test('shows lines as they are written, and the last one without its end when it settles', async () => {
		const path = join(temporaryDirectory(), 'output.log');
		writeFileSync(path, 'one\ntw');
		const { lines, tail } = await follow(path, 0);
		await until(() => lines.length === 1);
		appendFileSync(path, 'o\nthree\nrest');
		await until(() => lines.length === 3);
		expect(lines).toEqual(['one', 'two', 'three']);
		await tail.settle();
		expect(lines).toEqual(['one', 'two', 'three', 'rest']);
	});

	test('shows the state of a bar that stands still, and its end once it has one', async () => {
		const path = join(temporaryDirectory(), 'output.log');
		writeFileSync(path, '\r 1%\r 2%');
		const { lines } = await follow(path, 0);
		await until(() => lines.length > 0);
		expect(lines).toEqual([' 1%\r']);
		appendFileSync(path, '\r\n');
		await until(() => lines.length === 2);
		expect(lines).toEqual([' 1%\r', ' 2%']);
	});

	test('goes on where an earlier one has settled', async () => {
		const path = join(temporaryDirectory(), 'output.log');
		writeFileSync(path, 'one\ntwo\nthr');
		const first = await follow(path, 0);
		await until(() => first.lines.length === 2);
		await first.tail.close();
		appendFileSync(path, 'ee\nfour\n');
		const second = await follow(path, first.settled());
		await until(() => second.lines.length === 2);
		expect(second.lines).toEqual(['three', 'four']);
	});
});
