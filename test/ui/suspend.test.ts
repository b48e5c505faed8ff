import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { expect, test, vi } from 'vitest';
import { modeReset } from '../../source/ui/suspend.ts';

const fixture = fileURLToPath(new URL('fixtures/hand-over.ts', import.meta.url));

test('a program has the terminal to itself, and the screen gets it back clean', async () => {
	const terminal = spawn(process.execPath, [fixture], { cols: 80, rows: 24 });
	let output = '';
	terminal.onData((data) => {
		output += data;
	});
	const until = (words: string): Promise<void> =>
		vi.waitFor(() => expect(output).toContain(words), { timeout: 20_000, interval: 10 });
	await until('screen keys:<> rounds:<0>');

	// Several rounds: a reader that competes for the terminal wins only sometimes.
	for (let round = 1; round <= 4; round++) {
		output = '';
		terminal.write('s');
		await until('READY');
		terminal.write(`hello ${round}\r`);
		await until(`got:<hello ${round}>`);
		terminal.write('typed ahead');
		await until(`rounds:<${round}>`);
		expect(output).toContain(modeReset);
		expect(output).toContain(`screen keys:<> rounds:<${round}>`);
	}

	terminal.write('k');
	await until('screen keys:<k>');
	const exit = new Promise<number>((resolve) =>
		terminal.onExit(({ exitCode }) => resolve(exitCode)),
	);
	terminal.write('q');
	expect(await exit).toBe(0);
});
