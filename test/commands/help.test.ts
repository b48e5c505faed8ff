import { describe, expect, test } from 'vitest';
import { readCommandLine, visibleNames } from '../../source/commands/command-line.ts';
import { commands } from '../../source/commands/command-table.ts';
import { flagTable, flagWord } from '../../source/commands/flags.ts';
import { runCommand } from './run-command.ts';

const visible = commands.filter(({ isHidden }) => !isHidden);

test('the help names every command that is for people, and no other', async () => {
	const { code, stdout } = await runCommand(['--help']);
	expect(code).toBe(0);
	for (const { summary } of visible) expect(stdout).toContain(summary);
	expect(stdout).not.toContain('ssh-proxy');
});

test('every line of help fits a terminal of 100 columns', async () => {
	const pages = [['--help'], ...visibleNames().map((name) => [name, '--help'])];
	for (const page of pages) {
		const { stdout } = await runCommand(page);
		expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
	}
});

describe.each(visible.map((command) => [command.name, command] as const))('%s', (name, command) => {
	test('its help shows its flags and its examples', async () => {
		const { stdout } = await runCommand([name, '--help']);
		for (const flag of command.flags) {
			const word = flagTable[flag].summary.startsWith('--no-') ? '--no-' : flagWord(flag);
			expect(stdout).toContain(word);
		}
		for (const [line] of command.examples) expect(stdout).toContain(`signalbox ${line}`.trim());
	});

	test('its examples are command lines of it', () => {
		for (const [line] of command.examples) {
			const argv = line === '' ? [] : line.split(' ');
			expect(readCommandLine(argv).command.name).toBe(name);
		}
	});
});

test('--version prints the version alone', async () => {
	expect(await runCommand(['--version'])).toEqual({
		code: 0,
		stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
		stderr: '',
	});
});
