import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { wheelRows, withWheel } from '../../source/ui/wheel.ts';

/** All that a reader of the input gets, and how far the wheel went. */
const readAll = (...chunks: string[]): { text: string; rows: number[] } => {
	const input = new PassThrough();
	input.setEncoding('utf8');
	const rows: number[] = [];
	const stdin = withWheel(input as unknown as NodeJS.ReadStream, (by) => rows.push(by));
	let text = '';
	for (const chunk of chunks) {
		input.write(chunk);
		for (let read = stdin.read(); read !== null; read = stdin.read()) text += String(read);
	}
	return { text, rows };
};

test('the wheel scrolls, other buttons do nothing, and keys come through', () => {
	expect(readAll('j\x1b[<64;10;5Mk\x1b[<65;10;5M\x1b[<65;1;1M')).toEqual({
		text: 'jk',
		rows: [-wheelRows, wheelRows, wheelRows],
	});
	expect(readAll('\x1b[<0;3;4M\x1b[<0;3;4m', 'x')).toEqual({ text: 'x', rows: [] });
});

test('what is no report is left as it is', () => {
	const keys = '\x1b[A\x1b[<65;1\x1b[200~paste\x1b[201~é';
	expect(readAll(keys)).toEqual({ text: keys, rows: [] });
});

test('it is the stream that it stands for', () => {
	const input = new PassThrough();
	const stdin = withWheel(input as unknown as NodeJS.ReadStream, () => {});
	let heard = 0;
	const hear = (): void => {
		heard++;
	};
	stdin.on('readable', hear);
	input.emit('readable');
	stdin.off('readable', hear);
	input.emit('readable');
	expect(heard).toBe(1);
	expect(stdin.isPaused()).toBe(input.isPaused());
});
