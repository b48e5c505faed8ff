import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../source/planes/local/free-port.ts';

const program = fileURLToPath(new URL('../../../examples/digits/train.mjs', import.meta.url));

type Node = {
	readonly process: ChildProcess;
	readonly exited: Promise<number | null>;
	stdout(): string;
	stderr(): string;
};

/** Deadline of what is awaited; a busy machine may need some of it. */
const patience = { timeout: 20_000 };

let directory: string;
const running: Node[] = [];

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), 'digits-'));
});

afterEach(async () => {
	for (const node of running) node.process.kill('SIGKILL');
	await Promise.all(running.splice(0).map((node) => node.exited));
	rmSync(directory, { recursive: true });
});

const start = (env: Record<string, string>): Node => {
	const child = spawn(process.execPath, [program], {
		env: { STEP_MS: '0', BT_CHECKPOINT_DIR: directory, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const output = { stdout: '', stderr: '' };
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output.stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		output.stderr += text;
	});
	const node: Node = {
		process: child,
		exited: once(child, 'close').then(([code]: (number | null)[]) => code ?? null),
		stdout: () => output.stdout,
		stderr: () => output.stderr,
	};
	running.push(node);
	return node;
};

const startPair = async (env: Record<string, string>): Promise<[Node, Node]> => {
	const group = { BT_GROUP_SIZE: '2', BT_LEADER_PORT: String(await freePort()), ...env };
	return [start({ ...group, BT_NODE_RANK: '0' }), start({ ...group, BT_NODE_RANK: '1' })];
};

const exits = (nodes: readonly Node[]): Promise<(number | null)[]> =>
	Promise.all(nodes.map((node) => node.exited));

const accuracies = (node: Node): number[] =>
	[...node.stdout().matchAll(/^step \d+ loss \S+ acc (\S+)/gm)].map(([, text]) => Number(text));

const checksums = (node: Node): string[] =>
	[...node.stdout().matchAll(/weights ([0-9a-f]{8})$/gm)].map(([, text]) => text ?? '');

describe('two nodes', () => {
	test('learn, and hold the same weights after every epoch', async () => {
		const nodes = await startPair({ STEPS: '200' });
		expect(await exits(nodes)).toEqual([0, 0]);
		const [leader, peer] = nodes;
		expect(checksums(leader)).toHaveLength(5);
		expect(new Set(checksums(leader)).size).toBe(5);
		expect(checksums(peer)).toEqual(checksums(leader));
		const first = accuracies(leader).at(0) ?? 1;
		const last = accuracies(leader).at(-1) ?? 0;
		expect(last).toBeGreaterThan(0.85);
		expect(last).toBeGreaterThan(first);
		expect(leader.stdout()).toMatch(/^step 120 loss \d\.\d{4} acc 0\.\d{3} [\d ]+ samples\/s$/m);
	});

	test('fail at once, each with one line, when node 1 fails', async () => {
		const [leader, peer] = await startPair({ STEPS: '100000', FAIL_AT_STEP: '30' });
		expect(await exits([leader, peer])).toEqual([1, 1]);
		expect(peer.stderr()).toBe('ERROR node 1: after step 30: fails here, as FAIL_AT_STEP asks\n');
		expect(leader.stderr()).toMatch(/^ERROR node 0: after step 30: lost node 1: .+\n$/);
	});

	test('stop after the same step when one gets SIGTERM, and resume from there', async () => {
		const [leader, peer] = await startPair({ STEPS: '100000' });
		await expect.poll(peer.stdout, patience).toContain('step 50 ');
		peer.process.kill('SIGTERM');
		expect(await exits([leader, peer])).toEqual([143, 143]);
		expect(peer.stdout()).toContain('SIGTERM received');
		const stopped = /stopped after step (\d+) of .* weights ([0-9a-f]{8})\n$/;
		const [, step, weights] = stopped.exec(leader.stdout()) ?? [];
		expect(stopped.exec(peer.stdout())?.slice(1)).toEqual([step, weights]);
		expect(readdirSync(directory)).toEqual(['digits-node-0.json', 'digits-node-1.json']);

		// The leader's disk is lost: its peer's checkpoint is as good.
		rmSync(join(directory, 'digits-node-0.json'));
		const resumed = await startPair({ STEPS: String(Number(step) + 20) });
		expect(await exits(resumed)).toEqual([0, 0]);
		for (const node of resumed) {
			expect(node.stdout()).toContain(`goes on after step ${step}, weights ${weights}`);
			expect(node.stdout()).toContain(`step ${Number(step) + 1} loss`);
			expect(node.stdout()).not.toMatch(/^step 1 loss/m);
		}
	});
});

describe('one node', () => {
	test('an interrupted run ends with the weights of an unbroken one', async () => {
		const whole = start({ STEPS: '80', BT_CHECKPOINT_DIR: join(directory, 'whole') });
		const failing = { STEPS: '80', CHECKPOINT_EVERY: '25', BT_CHECKPOINT_DIR: directory };
		expect(await start({ ...failing, FAIL_AT_STEP: '60' }).exited).toBe(1);
		const resumed = start(failing);
		expect(await exits([whole, resumed])).toEqual([0, 0]);
		expect(resumed.stdout()).toContain('goes on after step 50');
		expect(checksums(resumed).at(-1)).toBe(checksums(whole).at(-1));
	});

	test('a setting that is not a number is a line and exit code 2', async () => {
		const node = start({ STEPS: 'many' });
		expect(await node.exited).toBe(2);
		expect(node.stderr()).toBe('ERROR STEPS=many must be a whole number of at least 1\n');
	});

	test('SIGTERM while it waits for others ends it', async () => {
		const port = String(await freePort());
		const node = start({ BT_GROUP_SIZE: '2', BT_LEADER_PORT: port });
		await expect.poll(node.stdout, patience).toContain('waiting for 1 more');
		node.process.kill('SIGTERM');
		expect(await node.exited).toBe(143);
	});
});
