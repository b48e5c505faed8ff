import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { markedProcesses } from '../../source/planes/local/process-table.ts';
import { skipWithoutSshd } from '../ssh/local-node.ts';
import { startAgent } from '../ssh/throw-away.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { untouchedModes } from '../terminal/harness/modes.ts';
import { openTerminal, type TestTerminal } from '../terminal/harness/open-terminal.ts';
import { program } from './start-local.ts';

const crashScript = pathToFileURL(join(import.meta.dirname, 'fixtures', 'crash-on-signal.mjs'));

type Demo = TestTerminal & {
	/** Where the demo keeps its data directory. */
	readonly temporary: string;
	/** Id of the job, once the screen shows it. */
	job(): string;
};

/** Starts the demo in a terminal and waits for both nodes to train. */
const startDemo = async (env: Record<string, string> = {}, cols = 100): Promise<Demo> => {
	const temporary = temporaryDirectory();
	const terminal = openTerminal({
		command: process.execPath,
		args: [program, 'demo'],
		cols,
		rows: 30,
		env: { TMPDIR: temporary, HOME: temporary, ...env },
	});
	onTestFinished(async () => {
		terminal.kill('SIGTERM');
		await terminal.exited;
		await terminal.dispose();
	});
	await terminal.waitFor((rows) =>
		[/ 0 {3}step \d+ loss/, / 1 {3}step \d+ loss/].every((line) =>
			rows.some((row) => line.test(row)),
		),
	);
	const job = (): string => /digits › (\w+)/.exec(terminal.screen()[0] ?? '')?.[1] ?? '';
	return { ...terminal, temporary, job };
};

const lastStep = (rows: readonly string[]): number =>
	Math.max(...rows.map((row) => Number(/ step (\d+) /.exec(row)?.[1] ?? 0)));

/** Nothing of a demo that has ended is left: no mode of the terminal, no file, no process. */
const expectNothingLeft = async (demo: Demo, job: string): Promise<void> => {
	expect(demo.modes()).toEqual(untouchedModes);
	expect((await readdir(demo.temporary)).filter((name) => name.includes('demo'))).toEqual([]);
	expect(await markedProcesses(`${job}/0`)).toEqual([]);
	expect(await markedProcesses(`${job}/1`)).toEqual([]);
};

describe('signalbox demo in a terminal', { timeout: 60_000 }, () => {
	test('shows table and log, and both move', async () => {
		const demo = await startDemo();
		const [header = '', , heading = '', , first = '', second = ''] = demo.screen();
		expect(header).toMatch(/^ signalbox {2}digits › \w{7} digits {2}● RUNNING \ds .* ● live/);
		expect(heading).toMatch(/node .* trigger .* session .* expires .* connect/);
		expect(first).toMatch(/^│ ❯ │ 0 lead .* on_demand .* ○ waiting .* signalbox ssh \w{7}:0 /);
		expect(second).toMatch(/^│ {3}│ 1 .* on_demand .* ○ waiting .* signalbox ssh \w{7}:1 /);
		const before = lastStep(demo.screen());
		await demo.waitFor((rows) => lastStep(rows) > before + 3);
		expect(demo.screen()[4]).toBe(first);
	});

	test('keys extend a session and switch its trigger, and the time ticks', async () => {
		const demo = await startDemo();
		demo.press('e');
		await demo.waitFor('extend node 0');
		demo.type('30');
		demo.press('enter');
		await demo.waitFor('node 0 has 90 min once it is active');
		demo.press('t');
		await demo.waitFor('trigger of node 0');
		demo.press('up', 'up', 'enter');
		await demo.waitFor(/0 lead .* on_startup .* ● active +│ 1h 29m/);
		demo.press('down', 't');
		await demo.waitFor('trigger of node 1');
		demo.press('up', 'up', 'enter');
		await demo.waitFor(/│ 1 .* on_startup .* ● active +│ 59m 5[0-7]s/);
		demo.press('t');
		await demo.waitFor(/can not be changed/);
	});

	test('the log pauses, scrolls and follows, and every size is filled', async () => {
		const demo = await startDemo();
		await demo.waitFor((rows) => / step /.test(rows[28] ?? ''));
		demo.press('space');
		await demo.waitFor('paused');
		const paused = demo.screen().slice(7, 27);
		await demo.waitFor(/[3-9] new/);
		expect(demo.screen().slice(7, 27)).toEqual(paused);
		demo.press('G');
		await demo.waitFor('follow');
		demo.resize(200, 60);
		await demo.waitFor((rows) => rows.length === 60 && /follow.*help/.test(rows[59] ?? ''));
		demo.resize(40, 10);
		await demo.waitFor('Terminal too small');
		demo.resize(80, 24);
		await demo.waitFor((rows) => /follow.*help/.test(rows[23] ?? ''));
		expect(demo.screen()[0]).toMatch(/^ signalbox/);
		demo.press('1');
		await demo.waitFor((rows) => {
			const log = rows.slice(7, 23).filter((row) => row.includes(' step '));
			return log.length > 0 && log.every((row) => / 1 {3}step /.test(row));
		});
	});

	test('q ends it, and nothing is left', async () => {
		const demo = await startDemo();
		const job = demo.job();
		demo.press('q');
		expect(await demo.exited).toEqual({ code: 0, signal: null });
		await expectNothingLeft(demo, job);
	});

	test('SIGTERM ends it, and nothing is left', async () => {
		const demo = await startDemo();
		const job = demo.job();
		demo.kill('SIGTERM');
		expect(await demo.exited).toMatchObject({ code: 143 });
		await expectNothingLeft(demo, job);
	});

	test('a crash says so in one line, and nothing is left', async () => {
		const demo = await startDemo({ NODE_OPTIONS: `--import=${crashScript}` });
		const job = demo.job();
		process.kill(demo.pid, 'SIGUSR2');
		expect(await demo.exited).toMatchObject({ code: 1 });
		expect(demo.screen().filter((row) => row !== '')).toEqual([
			'signalbox: unexpected error: a fault that nobody foresaw (--debug shows where)',
		]);
		await expectNothingLeft(demo, job);
	});

	test('NO_COLOR leaves the palette alone', async () => {
		const demo = await startDemo({ NO_COLOR: '1' });
		const cells = Array.from({ length: 100 * 30 }, (_, at) =>
			demo.cell(at % 100, Math.floor(at / 100)),
		);
		expect(cells.filter(({ fg, bg }) => fg !== null || bg !== null)).toEqual([]);
	});

	test.skipIf(skipWithoutSshd)('s lands on the node with the agent, and comes back', async () => {
		const agent = await startAgent();
		await agent.add('the key of the user');
		const demo = await startDemo({ SSH_AUTH_SOCK: agent.env['SSH_AUTH_SOCK'] ?? '' });
		demo.press('j', 's');
		await demo.waitFor(/node-1\/work\S*[#$] *$/m);
		expect(demo.modes().alternateScreen).toBe(false);
		demo.type('ssh-add -l; echo rank=$BT_NODE_RANK; ls\r');
		await demo.waitFor(/the key of the user \(ED25519\)/);
		await demo.waitFor(/rank=1\n[\s\S]*train\.mjs/);
		// As a program that dies on the other side leaves a terminal behind.
		demo.type(`printf '\\033[?1000h\\033[?2004h\\033[?25l'; exit 3\r`);
		await demo.waitFor('ssh to node 1 ended with exit code 3');
		expect(demo.modes()).toMatchObject({ alternateScreen: true, mouseTracking: 'none' });
		await demo.waitFor(/❯ │ 1 .* ● active +│ 59m/);
		demo.press('q');
		expect(await demo.exited).toEqual({ code: 0, signal: null });
		expect(demo.modes()).toEqual(untouchedModes);
		expect(existsSync(join(demo.temporary, '.ssh', 'baseten', 'id_ed25519'))).toBe(true);
	});

	test.skipIf(skipWithoutSshd)('what ssh says of its failure stays until a key', async () => {
		const programs = temporaryDirectory();
		writeFileSync(join(programs, 'ssh'), '#!/bin/sh\necho "ssh: no way in" >&2\nexit 255\n');
		chmodSync(join(programs, 'ssh'), 0o755);
		const demo = await startDemo({ PATH: `${programs}:${process.env['PATH']}` });
		demo.press('s');
		await demo.waitFor('ssh: no way in');
		await demo.waitFor('press any key');
		expect(demo.modes().alternateScreen).toBe(false);
		demo.press('x');
		await demo.waitFor('ssh to node 0 failed or lost its connection');
		// The key was for this alone: it is not taken for the one that stops the job.
		expect(demo.screen().join()).not.toContain('Stop ');
		demo.press('q');
		expect(await demo.exited).toEqual({ code: 0, signal: null });
		expect(demo.modes()).toEqual(untouchedModes);
	});

	test('SIGTERM while ssh has the terminal ends both', async () => {
		const programs = temporaryDirectory();
		writeFileSync(join(programs, 'ssh'), '#!/bin/sh\necho "in the node"\nexec sleep 600\n');
		chmodSync(join(programs, 'ssh'), 0o755);
		const demo = await startDemo({ PATH: `${programs}:${process.env['PATH']}` });
		const job = demo.job();
		demo.press('s');
		await demo.waitFor('in the node');
		demo.kill('SIGTERM');
		expect(await demo.exited).toMatchObject({ code: 143 });
		await expectNothingLeft(demo, job);
	});
});
