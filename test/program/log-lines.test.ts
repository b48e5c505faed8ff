import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Api } from '../../source/api/rest-client.ts';
import { isRedraw } from '../../source/contract/redraw.ts';
import { hasEnded } from '../../source/contract/status.ts';
import { levelCells } from '../../source/monitor/level-sign.ts';
import { logLines, type Painted } from '../corpus/log-lines.ts';
import { until } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import type { Cell } from '../terminal/harness/cell.ts';
import { type Modes, untouchedModes } from '../terminal/harness/modes.ts';
import { openTerminal, type TestTerminal } from '../terminal/harness/open-terminal.ts';
import type { Widths } from '../terminal/harness/widths.ts';
import { program, startLocal } from './start-local.ts';

const screenColumns = 80;
/** Of the text: the sign of its level stands before it. */
const columns = screenColumns - levelCells;
const rows = 24;
/** Header and table, framed, of one node. */
const top = 6;
const height = rows - top - 1;
const segmenter = new Intl.Segmenter();

/** A row as it has to stand on the screen. `painted` is null where any look will do. */
type Row = { readonly text: string; readonly painted: readonly Painted[] | null };

/** Clusters of a text, each with the column it stands in. */
const placed = (text: string): { readonly glyph: string; readonly at: number }[] => {
	let at = 0;
	return [...segmenter.segment(text)].map(({ segment: glyph }) => {
		const place = { glyph, at };
		at += stringWidth(glyph);
		return place;
	});
};

const shifted = (painted: readonly Painted[], by: number): Painted[] =>
	painted.map(([from, to, look]) => [Math.max(0, from - by), Math.max(0, to - by), look]);

/** The rows of a text that breaks where the screen ends. */
const wrapped = (text: string, painted: readonly Painted[]): Row[] => {
	const all: Row[] = [];
	let row = '';
	let used = 0;
	let before = 0;
	const end = (): void => {
		all.push({ text: row, painted: shifted(painted, before) });
		before += used;
		row = '';
		used = 0;
	};
	for (const { segment: glyph } of segmenter.segment(text)) {
		const cells = stringWidth(glyph);
		if (glyph === '\n' || used + cells > columns) end();
		if (glyph === '\n') continue;
		row += glyph;
		used += cells;
	}
	end();
	return all;
};

/** The one row of a text that is cut. */
const cut = (text: string, painted: readonly Painted[]): Row => {
	const line = text.replaceAll('\n', ' ↵ ');
	if (stringWidth(line) <= columns) return { text: line, painted };
	const whole = placed(line).filter(({ glyph, at }) => at + stringWidth(glyph) < columns);
	const end = stringWidth(whole.map(({ glyph }) => glyph).join(''));
	return {
		text: `${whole.map(({ glyph }) => glyph).join('')}…`,
		painted: painted.map(([from, to, look]) => [from, Math.min(to, end), look]),
	};
};

const plainLook = {
	...{ fg: null, bg: null, bold: false, dim: false, italic: false },
	...{ underline: false, inverse: false, strikethrough: false },
};

const lookOf = ({ text: _, width: __, ...look }: Cell) => look;

/** What is wrong with a row of the screen; null when each cell is as it has to be. */
const faultOf = (screen: TestTerminal, y: number, { text, painted }: Row): string | null => {
	const cells = Array.from({ length: columns }, (_, x) => screen.cell(levelCells + x, y));
	const shown = (from: number, to: number): string =>
		cells
			.slice(from, to)
			.map((cell) => cell.text)
			.join('')
			.trimEnd();
	const line = text.trimEnd();
	for (const { glyph, at } of placed(line)) {
		const there = shown(at, at + stringWidth(glyph));
		if (there !== glyph.trimEnd()) return `column ${at}: ${there} instead of ${glyph}`;
		const look = painted?.findLast(([from, to]) => at >= from && at < to)?.[2];
		if (painted === null || glyph.trim() === '') continue;
		const has = JSON.stringify(lookOf(cells[at] as Cell));
		const wants = JSON.stringify({ ...plainLook, ...look });
		if (has !== wants) return `column ${at}: ${glyph} has ${has} instead of ${wants}`;
	}
	const rest = shown(stringWidth(line), columns);
	return rest === '' ? null : `"${rest}" after the end`;
};

/** The modes but for one that each frame sets for as long as it is drawn. */
const modesOf = (screen: TestTerminal): Partial<Modes> => {
	const { synchronizedOutput: _, ...modes } = screen.modes();
	return modes;
};

/** All of what frames the log, cell by cell. */
const frameOf = (screen: TestTerminal): Cell[][] =>
	[...Array.from({ length: top - 1 }, (_, index) => index + 1), rows - 1].map((y) =>
		Array.from({ length: screenColumns }, (_, x) => screen.cell(x, y)),
	);

type Job = { readonly project: string; readonly id: string };

/** Runs a job to its end that prints a file. */
const printed = async (api: Api, bytes: readonly (string | Buffer)[]): Promise<Job> => {
	const path = join(temporaryDirectory(), 'printed');
	const file = openSync(path, 'w');
	for (const part of bytes) writeSync(file, Buffer.from(part));
	closeSync(file);
	const { id: project } = await api.createProject('text');
	const { id } = await api.createJob(project, { runtime: { start_commands: [`cat ${path}`] } });
	await until(async () => hasEnded((await api.getJob(project, id)).current_status));
	return { project, id };
};

const messagesOf = async (api: Api, { project, id }: Job): Promise<string[]> => {
	const { records } = await api.logsPage(project, id, { after: 0, limit: 1000 });
	return records.map(({ message }) => message);
};

type Plane = Awaited<ReturnType<typeof startLocal>>;

const openScreen = ({ url, token_file: tokenFile }: Plane, job: Job, widths: Widths) => {
	const home = temporaryDirectory();
	const screen = openTerminal({
		command: process.execPath,
		args: [program, job.id, '--url', url, '--token-file', tokenFile],
		cols: screenColumns,
		rows,
		widths,
		env: { HOME: home },
	});
	onTestFinished(() => screen.dispose());
	return screen;
};

const faultsAt = (screen: TestTerminal, expected: readonly Row[], first: number): string[] =>
	expected.slice(first, first + height).flatMap((row, index) => {
		const fault = faultOf(screen, top + index, row);
		return fault === null ? [] : [`row ${first + index}, ${fault}`];
	});

/** Pages through the log from its first row to its last, passes over none, and checks each cell. */
const expectAll = async (screen: TestTerminal, expected: readonly Row[]): Promise<void> => {
	const last = expected.length - height;
	let at = 0;
	const stands = (first: number): boolean => {
		if (faultsAt(screen, expected, first).length > 0) return false;
		at = first;
		return true;
	};
	const waitFor = async (from: number, to: number): Promise<void> => {
		const candidates = Array.from({ length: to - from + 1 }, (_, index) => from + index);
		await screen
			.waitFor(() => candidates.some(stands))
			.catch((error: unknown) => {
				const [faults = []] = candidates
					.map((first) => faultsAt(screen, expected, first))
					.toSorted((one, other) => one.length - other.length);
				throw new Error(`rows ${from} to ${to + height}:\n${faults.join('\n')}`, { cause: error });
			});
	};
	screen.press('g');
	await waitFor(0, 0);
	while (at < last) {
		screen.press('pagedown');
		await waitFor(at + 1, Math.min(at + height, last));
	}
};

/** Sequences that draw: colours, places, erasing, scrolling; the program's own modes and question. */
const drawn = /\x1b\[(?:[\d;]*[ABCDEFGHJKmr]|5n|\?(?:7|25|1049|2004|2026)[hl])|\x1bM/g;

const planeRow = (text: string): Row => ({ text, painted: null });

const widthsOf: readonly Widths[] = ['old', 'by character', 'by cluster'];

describe.each(widthsOf)('a terminal that counts cells %s', { timeout: 180_000 }, (widths) => {
	test('shows each line of the corpus as data, and nothing around it moves', async () => {
		const plane = await startLocal(temporaryDirectory());
		const job = await printed(
			plane.api,
			logLines.flatMap(({ bytes }) => [bytes, '\n']),
		);
		const messages = await messagesOf(plane.api, job);
		const notes = messages.filter((message) => message.startsWith('[plane]'));
		expect(messages).toHaveLength(logLines.length + notes.length);
		const before = messages.findIndex((message) => !message.startsWith('[plane]'));
		const around = (lines: readonly Row[]): Row[] => [
			...notes.slice(0, before).map(planeRow),
			...lines,
			...notes.slice(before).map(planeRow),
		];

		const screen = openScreen(plane, job, widths);
		await screen.waitFor(/COMPLETED[\s\S]*follow/);
		screen.press('T');
		const cutRows = around(logLines.map(({ shows, painted = [] }) => cut(shows, painted)));
		await screen.waitFor(() => faultsAt(screen, cutRows, cutRows.length - height).length === 0);
		const frame = frameOf(screen);
		const modes = modesOf(screen);
		const expectUnmoved = (): void => {
			expect(screen.screen()[0]).toMatch(/^ signalbox {2}text › \w+ .*COMPLETED.* ● live/);
			expect(frameOf(screen).slice(0, -1)).toEqual(frame.slice(0, -1));
			expect(screen.screen().at(-1)).toMatch(/^ .* (?:follow|paused) .*\? help *$/);
			expect(modesOf(screen)).toEqual(modes);
		};
		expectUnmoved();
		await expectAll(screen, cutRows);
		expectUnmoved();

		screen.press('w');
		const rowsOf = logLines.flatMap(({ shows, painted = [] }) => wrapped(shows, painted));
		await expectAll(screen, around(rowsOf));
		expectUnmoved();

		// Answers to the screen's own question, which never reach the keys, and none to the log's.
		expect(screen.answers()).toMatch(/^(?:\x1b\[0n)*$/);
		screen.press('q');
		expect(await screen.exited).toEqual({ code: 0, signal: null });
		expect(screen.modes()).toEqual(untouchedModes);
		// All that was ever written draws: no title, no clipboard, no other question, no bell.
		const rest = screen.raw().replaceAll(drawn, '');
		expect([...new Set(rest.match(/[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f].{0,12}/g))]).toEqual([]);
	});
});

test('100 000 redraws are one line in the end', async () => {
	const plane = await startLocal(temporaryDirectory());
	const updates = Array.from({ length: 100_000 }, (_, step) => `\r${step + 1}/100000 it`);
	const bars = Array.from({ length: 5000 }, (_, step) => `\n\rinner ${step}\x1b[A`);
	const job = await printed(plane.api, [
		...['before\n', updates.join(''), '\n'],
		...['\router 1', bars.join(''), '\router 2\nafter\n'],
	]);
	const messages = await messagesOf(plane.api, job);
	const lines = messages.filter((message) => !/^\[plane\]/.test(message) && !isRedraw(message));
	expect(lines).toEqual(['before', '100000/100000 it', 'outer 1', 'outer 2', 'after']);
	expect(messages.length).toBeLessThan(40);
	const screen = openScreen(plane, job, 'by character');
	await screen.waitFor(/COMPLETED[\s\S]* 100000\/100000 it\n[\s\S]* outer 2\n[\s\S]* after\n/);
});
