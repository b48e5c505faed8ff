import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { joinGroup } from '../../../examples/digits/all-reduce.mjs';
import { freePort } from '../../../source/planes/local/free-port.ts';

type Group = Awaited<ReturnType<typeof joinGroup>>;

/** Deadline of what is awaited; a busy machine may need some of it. */
const patience = { timeout: 20_000 };

const groups: Group[] = [];
afterEach(async () => {
	await Promise.all(groups.splice(0).map((group) => group.close()));
});

const join = async (rank: number, size: number, port: number): Promise<Group> => {
	const signal = AbortSignal.timeout(10_000);
	const group = await joinGroup({ rank, size, host: '127.0.0.1', port, signal });
	groups.push(group);
	return group;
};

const joinAll = async (size: number): Promise<Group[]> => {
	const port = await freePort();
	return Promise.all(Array.from({ length: size }, (_, rank) => join(rank, size, port)));
};

describe('a group of three nodes over TCP', () => {
	test('all nodes get the same average', async () => {
		const nodes = await joinAll(3);
		const averages = await Promise.all(
			nodes.map((node, rank) => node.average(Float64Array.of(rank, 10 * rank, 0.1))),
		);
		expect(averages[0]).toEqual(Float64Array.of(1, 10, (0.1 + 0.1 + 0.1) / 3));
		expect(averages[1]).toEqual(averages[0]);
		expect(averages[2]).toEqual(averages[0]);
	});

	test('vectors larger than one TCP segment arrive whole, call after call', async () => {
		const nodes = await joinAll(3);
		for (const value of [1, 2, 3]) {
			const vector = new Float64Array(50_000).fill(value);
			const averages = await Promise.all(nodes.map((node) => node.average(vector)));
			for (const average of averages) expect(average).toEqual(vector);
		}
	});

	test('the newest state wins, the lowest rank among equals', async () => {
		const nodes = await joinAll(3);
		const states = [Float64Array.of(4, 40), Float64Array.of(9, 91), Float64Array.of(9, 92)];
		const chosen = await Promise.all(
			nodes.map((node, rank) => node.newest(states[rank] ?? new Float64Array())),
		);
		for (const state of chosen) expect(state).toEqual(Float64Array.of(9, 91));
	});

	test('a lost node ends the waiting of the leader with its name', async () => {
		const [leader, first, second] = await joinAll(3);
		const average = leader?.average(Float64Array.of(1));
		void first?.average(Float64Array.of(1)).catch(() => {});
		await second?.close();
		await expect(average).rejects.toThrow('lost node 2');
	});

	test('vectors of different lengths are an error, not a wrong average', async () => {
		const [leader, first, second] = await joinAll(3);
		for (const node of [first, second]) void node?.average(Float64Array.of(1)).catch(() => {});
		await expect(leader?.average(Float64Array.of(1, 2))).rejects.toThrow('different lengths');
	});
});

describe('joining', () => {
	test('one node alone needs no network', async () => {
		const alone = await join(0, 1, 1);
		expect(await alone.average(Float64Array.of(3))).toEqual(Float64Array.of(3));
	});

	test('a stranger is turned away and the group still forms', async () => {
		const port = await freePort();
		const lines: string[] = [];
		const signal = AbortSignal.timeout(10_000);
		const leader = joinGroup({
			rank: 0,
			size: 2,
			host: '127.0.0.1',
			port,
			signal,
			log: (line) => lines.push(line),
		});
		await expect.poll(() => lines.join(), patience).toContain('waiting for 1 more');
		const stranger = connect(port, '127.0.0.1');
		stranger.on('error', () => {});
		stranger.end('GET / HTTP/1.1\r\n\r\n');
		stranger.resume();
		await once(stranger, 'close');
		const nodes = await Promise.all([leader, join(1, 2, port)]);
		groups.push(nodes[0]);
		expect(lines.join()).toContain('WARNING refused a connection');
		const averages = await Promise.all(nodes.map((node) => node.average(Float64Array.of(2))));
		expect(averages).toEqual([Float64Array.of(2), Float64Array.of(2)]);
	});

	test('waiting for others ends with the signal', async () => {
		const waiting = joinGroup({
			rank: 0,
			size: 2,
			host: '127.0.0.1',
			port: await freePort(),
			signal: AbortSignal.abort(new Error('asked to stop')),
		});
		await expect(waiting).rejects.toThrow('asked to stop');
	});
});
