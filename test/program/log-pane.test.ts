import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTrainingJobSchema } from '../../source/contract/training-job.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { untouchedModes } from '../terminal/harness/modes.ts';
import { openTerminal, type TestTerminal } from '../terminal/harness/open-terminal.ts';
import { program, startLocal } from './start-local.ts';

/** Prints numbered lines; some are errors, few have a rare word. */
const script = `for (let n = 1; n <= 12000; n++) {
	const level = n % 1000 === 0 ? 'ERROR' : 'INFO';
	console.log(level + ' step ' + n + ' loss ' + (n % 7) + (n % 4001 === 0 ? ' needle' : ''));
}
setInterval(() => {}, 1000);`;

type Desk = TestTerminal & { readonly home: string };

/** A screen beside a job that has printed 12 000 lines, of which the screen has the last 2 000. */
const openScreen = async (env: Record<string, string> = {}): Promise<Desk> => {
	const home = temporaryDirectory();
	const data = join(home, 'data');
	const { api, url, token_file: tokenFile } = await startLocal(data);
	const { id: project } = await api.createProject('pane');
	const file = join(home, 'job.mjs');
	writeFileSync(file, script);
	const request = { runtime: { start_commands: [`${process.execPath} ${file}`] } };
	const { id } = await api.createJob(project, createTrainingJobSchema.parse(request));
	await expect
		.poll(async () => (await api.logsPage(project, id, { limit: 1 })).last, { timeout: 20_000 })
		.toBeGreaterThanOrEqual(12_000);
	const terminal = openTerminal({
		command: process.execPath,
		args: [program, id, '--url', url, '--token-file', tokenFile],
		cols: 120,
		rows: 30,
		cwd: home,
		env: { HOME: home, ...env },
	});
	onTestFinished(async () => {
		terminal.kill('SIGTERM');
		await terminal.exited;
		await terminal.dispose();
	});
	await terminal.waitFor('step 12000 ');
	return { ...terminal, home };
};

const logRows = ({ screen }: Desk): readonly number[] =>
	screen().flatMap((row) => {
		const [, step] = / step (\d+) /.exec(row) ?? [];
		return step === undefined ? [] : [Number(step)];
	});

describe('the log pane on a terminal', { timeout: 90_000 }, () => {
	test('searches while typing and through the whole log, marks matches, and goes back', async () => {
		const desk = await openScreen();
		desk.press('/');
		desk.type('NEEDLE');
		await desk.waitFor('/NEEDLE▏');
		desk.press('escape');
		await desk.waitFor((rows) => !rows.join().includes('NEEDLE'));
		desk.press('/');
		desk.type('needle');
		await desk.waitFor('0 in memory');
		expect(logRows(desk).at(-1)).toBe(12_000);
		desk.press('enter');
		await desk.waitFor(/needle\/ 2 of 2(?!\+)/);
		await desk.waitFor('step 8002 ');
		const row = desk.screen().findIndex((text) => text.includes('step 8002 '));
		const text = desk.screen()[row] ?? '';
		expect(desk.cell(text.indexOf('needle'), row)).toMatchObject({
			inverse: true,
			underline: true,
		});
		expect(desk.cell(text.indexOf('step'), row)).toMatchObject({ inverse: false });
		desk.press('N');
		await desk.waitFor('step 4001 ');
		await desk.waitFor(/needle\/ 1 of 2/);
		desk.press('n');
		await desk.waitFor('step 8002 ');
		desk.press('escape');
		await desk.waitFor((rows) => !rows.at(-1)?.includes('needle'));
		desk.press('G');
		await desk.waitFor('step 12000 ');
	});

	test('a pattern that would take for ever answers keys all the same', async () => {
		const desk = await openScreen();
		desk.press('/');
		desk.type('(a+)+(l+)+(o+)+[s-z]{2}x');
		desk.press('enter');
		await desk.waitFor(/not found/, 60_000);
		desk.press('g');
		await desk.waitFor(' step 1 loss');
		desk.press('/');
		desk.type('(x)\\1');
		await desk.waitFor('look-ahead, back-references and more than 16 repetitions');
		desk.press('escape');
		await desk.waitFor((rows) => !rows.join().includes('look-ahead'));
		desk.press('q');
		expect(await desk.exited).toMatchObject({ code: 0 });
		expect(desk.modes()).toEqual(untouchedModes);
	});

	test('filters narrow the log to its first line, say what they hide, and go one by one', async () => {
		const desk = await openScreen();
		desk.press('l', 'l', 'l');
		await desk.waitFor(/ERROR and above · 1 99\d hidden/);
		// Older lines of the filter are fetched to fill the screen.
		await desk.waitFor((rows) => rows.some((row) => row.includes('ERROR step 1000 ')));
		expect(logRows(desk)).toEqual(Array.from({ length: 12 }, (_, index) => (index + 1) * 1000));
		desk.press('!');
		desk.type('loss [0-4]');
		desk.press('enter');
		await desk.waitFor(() => logRows(desk).join() === '1000,2000,8000,9000');
		desk.press('F');
		await desk.waitFor('── filters');
		await desk.waitFor('! /loss [0-4]/');
		desk.press('x');
		await desk.waitFor((rows) => !rows.join().includes('ERROR and above'));
		expect(desk.screen().join()).toContain('! /loss [0-4]/');
		desk.press('X');
		await desk.waitFor('INFO step 11999 ');
	});

	test('goes to lines, times and errors, and back to marked lines', async () => {
		const desk = await openScreen();
		desk.press('g');
		await desk.waitFor(' step 1 loss');
		expect(desk.screen().at(-1)).toMatch(/paused · 11 9\d\d below/);
		desk.press('M', ':');
		desk.type('5000');
		desk.press('enter');
		await desk.waitFor((rows) => rows.some((row) => row.includes('step 5000 ')));
		expect(logRows(desk)[0]).toBe(5_000);
		desk.press(']');
		await desk.waitFor('step 6000 ');
		desk.press('[', '[');
		await desk.waitFor('step 4000 ');
		desk.press('{');
		await desk.waitFor('step 1000 ');
		desk.press('}');
		await desk.waitFor('step 12000 ');
		desk.press("'");
		await desk.waitFor(' step 1 loss');
		desk.press(':');
		desk.type('-1h');
		desk.press('enter');
		await desk.waitFor(' step 1 loss');
		desk.press(':');
		desk.type('noon');
		desk.press('enter');
		await desk.waitFor('"noon" is no place');
	});

	test('the wheel scrolls when it is wanted, and the terminal has its mouse back', async () => {
		const desk = await openScreen();
		expect(desk.modes().mouseTracking).toBe('none');
		desk.press('W');
		await desk.waitFor('the wheel scrolls the log');
		await desk.waitFor(() => desk.modes().mouseTracking === 'vt200');
		desk.type('\x1b[<64;10;12M');
		await desk.waitFor((rows) => rows.at(-1)?.includes('paused · 3 below') ?? false);
		expect(logRows(desk).at(-1)).toBe(11_997);
		desk.type('\x1b[<0;10;12M\x1b[<0;10;12m\x1b[<65;10;12M');
		await desk.waitFor('step 12000 ');
		desk.press('W');
		await desk.waitFor(() => desk.modes().mouseTracking === 'none');
		desk.press('W');
		await desk.waitFor(() => desk.modes().mouseTracking === 'vt200');
		desk.press('q');
		expect(await desk.exited).toMatchObject({ code: 0 });
		expect(desk.modes()).toEqual(untouchedModes);
	});

	test('lines go out: copied, saved, and read in a pager', async () => {
		const desk = await openScreen({ PAGER: 'head -n 2' });
		desk.press('V', 'k', 'k');
		await desk.waitFor('copy');
		desk.press('y');
		await desk.waitFor('copied 3 lines');
		const copies = [...desk.raw().matchAll(/\x1b\]52;c;([\w+/=]+)\x07/g)];
		expect(Buffer.from(copies.at(-1)?.[1] ?? '', 'base64').toString()).toBe(
			'INFO step 11998 loss 0\nINFO step 11999 loss 1\nERROR step 12000 loss 2',
		);
		desk.press('l', 'l', 'l', '>');
		await desk.waitFor('save the log as');
		for (let key = 0; key < 20; key++) desk.press('backspace');
		desk.type('errors.log');
		desk.press('enter');
		await desk.waitFor('saved 12 lines as');
		const saved = readFileSync(join(desk.home, 'errors.log'), 'utf8').trimEnd().split('\n');
		expect(saved).toHaveLength(12);
		expect(saved[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} 0 ERROR step 1000 loss 6$/);
		desk.press('>');
		await desk.waitFor('save the log as');
		for (let key = 0; key < 20; key++) desk.press('backspace');
		desk.type('errors.log');
		desk.press('enter');
		await desk.waitFor('exists already: choose another name');
		const before = desk.raw().length;
		desk.press('|');
		await desk.waitFor(() => desk.raw().slice(before).includes('step 2000 loss'));
		await desk.waitFor('ERROR and above');
		expect(desk.raw()).toMatch(/0 ERROR step 1000 loss 6\r\n[\d:.]+ 0 ERROR step 2000 loss 5\r\n/);
		expect(readFileSync(join(desk.home, 'errors.log'), 'utf8')).toContain('step 12000');
	});
});
