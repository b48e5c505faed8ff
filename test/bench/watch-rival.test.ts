import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LineCounter } from '../../bench/line-counter.ts';
import { lagsOf, lossOf } from '../../bench/loss.ts';
import { findRival, rivals } from '../../bench/rivals.ts';
import { watchRival } from '../../bench/watch-rival.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** Prints as truss does: a spinner, colours, the time in brackets, the replica in round ones. */
const standIn = `#!${process.execPath}
const say = (text) => {
	const at = new Date().toISOString().slice(0, 19).replace('T', ' ');
	process.stdout.write('\\r\\x1b[2K\\x1b[34m[' + at + ']: \\x1b[0m\\x1b[32m(g00r0) \\x1b[0m' + text + '\\n⠋ Polling logs');
};
say('ready ' + process.argv.slice(2).join(' '));
process.stdin.once('data', () => {
	const now = Date.now();
	for (const line of [0, 1, 1, 3]) say('L' + line + ' ' + (now - 1000));
});
process.stdin.resume();
`;

test('lines that a rival loses or doubles are counted, and how late the others are', async () => {
	const folder = temporaryDirectory();
	const command = join(folder, 'truss');
	writeFileSync(command, standIn);
	chmodSync(command, 0o755);
	const [truss] = rivals;
	if (!truss) throw new Error('there is no rival');
	const watched = await watchRival({
		command,
		words: truss.words('abc'),
		env: truss.env({ url: 'http://127.0.0.1:8000', key: 'secret' }),
		ready: /\(g00r0\) ready train logs --tail --job-id abc/,
		write: async (terminal) => terminal.write('go\r'),
		total: 4,
	});
	expect(watched).toMatchObject({ lost: 1, doubled: 1 });
	expect(watched.lags).toHaveLength(3);
	for (const lag of [...watched.lags, watched.tailMs]) {
		expect(lag).toBeGreaterThanOrEqual(1_000);
		expect(lag).toBeLessThan(6_000);
	}
}, 30_000);

test('a line is found however the pieces are cut', () => {
	const text =
		'[2026-11-24 12:00:00]: (g00r0) L12 1790000000000\r\n[2026-11-24 12:00:00]: (x) L13 1790000000001\r\n';
	for (let cut = 0; cut < text.length; cut += 1) {
		const counter = new LineCounter();
		counter.take(text.slice(0, cut), 1_790_000_000_100);
		counter.take(text.slice(cut), 1_790_000_000_100);
		expect(counter.arrival(14)).toEqual({ lost: 12, doubled: 0, lags: [100, 99], tailMs: 99 });
	}
});

test('what never came and what came again', () => {
	expect(lossOf([0, 1, 2], 3)).toEqual({ lost: 0, doubled: 0 });
	expect(lossOf([2, 2, 0], 3)).toEqual({ lost: 1, doubled: 1 });
});

test('a line that a screen passed over was there when a later one was', () => {
	const written = new Map([
		[0, 100],
		[1, 110],
		[2, 120],
		[3, 130],
	]);
	const seen = new Map([
		[0, 105],
		[2, 150],
	]);
	// The newest first; of line 3 nothing is known.
	expect(lagsOf(written, seen)).toEqual([30, 40, 5]);
});

test('a rival that is not there, or that can not reach the server, says why', async () => {
	const [truss, baseten] = rivals;
	if (!truss || !baseten) throw new Error('a rival is missing');
	const empty = temporaryDirectory();
	expect(await findRival(truss, 8000, empty)).toEqual({ missing: 'not installed' });
	const folder = temporaryDirectory();
	for (const name of ['truss', 'baseten']) {
		writeFileSync(join(folder, name), standIn);
		chmodSync(join(folder, name), 0o755);
	}
	expect(await findRival(truss, 9000, `${empty}:${folder}`)).toEqual({
		missing: expect.stringContaining('port 8000 is taken'),
	});
	expect(await findRival(baseten, 9000, folder)).toEqual({ command: join(folder, 'baseten') });
});
