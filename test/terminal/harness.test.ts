import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { keySequence } from './harness/keys.ts';
import { untouchedModes } from './harness/modes.ts';
import { openTerminal, type TestTerminal } from './harness/open-terminal.ts';

const fixture = fileURLToPath(new URL('fixtures/full-screen.mjs', import.meta.url));

let terminal: TestTerminal;
afterEach(() => terminal.dispose());

const open = (...args: string[]): TestTerminal => {
	terminal = openTerminal({ command: process.execPath, args: [fixture, ...args] });
	return terminal;
};

describe('screen', () => {
	test('shows rows as people see them, and cells with their style', async () => {
		const { waitFor, cell, screen } = open();
		await waitFor('ready');
		expect(screen()).toHaveLength(24);
		expect(screen().slice(0, 3)).toEqual(['size 80x24', 'red inverse dim rgb 漢', 'ready']);
		expect(cell(0, 1)).toMatchObject({ text: 'r', fg: 1, bg: null, bold: true, inverse: false });
		expect(cell(4, 1)).toMatchObject({ text: 'i', fg: null, bold: false, inverse: true });
		expect(cell(12, 1)).toMatchObject({ text: 'd', dim: true });
		expect(cell(16, 1)).toMatchObject({ text: 'r', fg: '#010203', dim: false });
		expect(cell(20, 1)).toMatchObject({ text: '漢', width: 2 });
	});

	test('a resize reaches the program', async () => {
		const { waitFor, resize, screen } = open();
		await waitFor('ready');
		resize(40, 10);
		await waitFor(/^size 40x10$/m);
		expect(screen()).toHaveLength(10);
	});
});

describe('input', () => {
	test('the terminal answers a query for the cursor position', async () => {
		const { waitFor } = open();
		await waitFor('keys "\\u001b[3;6R"');
	});

	test('keys arrive as bytes, cursor keys as the mode of the program wants them', async () => {
		const { waitFor, press } = open();
		await waitFor('[3;6R');
		press('up');
		await waitFor('keys "\\u001bOA"');
		press('ctrl-c');
		await waitFor('keys "\\u0003"');
		press('pageup');
		await waitFor('keys "\\u001b[5~"');
	});

	test('a paste is bracketed when the program has asked for it', async () => {
		const { waitFor, paste } = open();
		await waitFor('[3;6R');
		paste('two words');
		await waitFor('keys "\\u001b[200~two words\\u001b[201~"');
	});

	test('key names', () => {
		expect(keySequence('up', false)).toBe('\x1b[A');
		expect(keySequence('alt-x', false)).toBe('\x1bx');
		expect(keySequence('ctrl-z', false)).toBe('\x1a');
		expect(keySequence('ä', false)).toBe('ä');
		expect(() => keySequence('enterr', false)).toThrow('unknown key "enterr"');
	});
});

describe('modes', () => {
	test('while the program runs, all that it has set', async () => {
		const { waitFor, modes } = open();
		expect(modes()).toEqual(untouchedModes);
		await waitFor('ready');
		expect(modes()).toEqual({
			...untouchedModes,
			alternateScreen: true,
			cursorVisible: false,
			applicationCursorKeys: true,
			bracketedPaste: true,
			mouseTracking: 'drag',
			kittyKeyboard: 1,
		});
	});

	test('after a polite program: as before, with its own text kept', async () => {
		const { waitFor, press, modes, exited, screen } = open();
		await waitFor('[3;6R');
		press('q');
		expect(await exited).toEqual({ code: 3, signal: null });
		expect(modes()).toEqual(untouchedModes);
		expect(screen().slice(0, 3)).toEqual(['before', 'after', '']);
	});

	test('after a rude program: the damage shows', async () => {
		const { waitFor, press, modes, exited } = open('--rude');
		await waitFor('[3;6R');
		press('q');
		await exited;
		expect(modes()).not.toEqual(untouchedModes);
		expect(modes()).toMatchObject({ alternateScreen: true, cursorVisible: false });
	});
});

describe('waiting', () => {
	test('fails with the condition and the whole screen', async () => {
		const { waitFor } = open();
		await waitFor('ready');
		const failure = await waitFor(/never/, 20).catch(String);
		expect(failure).toContain('not seen within 20 ms, waiting for /never/');
		expect(failure).toContain('│red inverse dim rgb 漢');
	});

	test('fails at once when the program ends, and ever after', async () => {
		const { waitFor, kill, exited } = open();
		await waitFor('ready');
		const waiting = waitFor('never', 60_000);
		kill('SIGKILL');
		await expect(waiting).rejects.toThrow('the program ended (SIGKILL), waiting for "never"');
		expect(await exited).toMatchObject({ signal: 'SIGKILL' });
		await expect(waitFor('never')).rejects.toThrow('the program ended');
	});

	test('sees the last words of a short program', async () => {
		terminal = openTerminal({ command: 'sh', args: ['-c', 'seq 1 200; echo over'], rows: 5 });
		await terminal.exited;
		expect(terminal.screen()).toEqual(['198', '199', '200', 'over', '']);
		expect(terminal.history().slice(0, 3)).toEqual(['1', '2', '3']);
		expect(terminal.raw()).toContain('200\r\nover\r\n');
	});

	test('nothing of the test runner leaks into the program', async () => {
		terminal = openTerminal({ command: 'env', env: { COLOUR: 'blue' }, rows: 60, cols: 400 });
		await terminal.exited;
		const names = terminal.history().flatMap((row) => row.split('=')[0] || []);
		expect(names).toContain('COLOUR');
		expect(names.filter((name) => /^(VITEST|CI|FORCE_COLOR|NODE_)/.test(name))).toEqual([]);
	});
});
