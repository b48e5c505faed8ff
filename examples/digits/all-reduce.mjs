import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { channelOver } from './frames.mjs';

/** @import { Channel } from './frames.mjs' */

const retryMs = 250;

/**
 * The nodes of a job, acting as one. Both calls are collective: each node makes the same calls in
 * the same order, and all get the same numbers, bit for bit. They reject when a node is lost.
 *
 * @typedef {object} Group
 * @property {(vector: Float64Array) => Promise<Float64Array>} average element by element
 * @property {(vector: Float64Array) => Promise<Float64Array>} newest the one whose first number
 *   is the largest; the lowest rank's among equals
 * @property {() => Promise<void>} close
 */

/**
 * Joins the nodes into a star around node 0, which gathers a vector of each, combines them in the
 * order of rank, and sends the result back. Enough for a few nodes and a small model; a ring
 * would spread the traffic.
 *
 * @param {object} options
 * @param {number} options.rank
 * @param {number} options.size nodes in the group; 1 needs no network
 * @param {string} options.host where node 0 listens
 * @param {number} options.port
 * @param {AbortSignal} options.signal ends the waiting for the others
 * @param {(line: string) => void} [options.log]
 * @returns {Promise<Group>}
 */
export const joinGroup = async ({ rank, size, host, port, signal, log = () => {} }) => {
	if (size === 1) return groupOf((vector, combine) => combine([vector]), []);
	if (rank === 0) {
		const peers = await acceptPeers({ size, host, port, signal, log });
		return groupOf((vector, combine) => reduceAsLeader(peers, vector, combine), peers);
	}
	const leader = await connectToLeader({ host, port, signal, log });
	leader.send(Float64Array.of(rank, size));
	return groupOf((vector) => reduceAsPeer(leader, vector), [leader]);
};

/**
 * @param {(vector: Float64Array, combine: Combine) => Float64Array | Promise<Float64Array>} reduce
 * @param {Channel[]} channels
 * @returns {Group}
 * @typedef {(vectors: Float64Array[]) => Float64Array} Combine
 */
const groupOf = (reduce, channels) => ({
	average: async (vector) => reduce(vector, averageOf),
	newest: async (vector) => reduce(vector, newestOf),
	close: async () => {
		await Promise.all(channels.map((channel) => channel.close()));
	},
});

const averageOf = (vectors) => {
	const sum = new Float64Array(vectors[0].length);
	for (const vector of vectors) {
		for (let i = 0; i < sum.length; i++) sum[i] += vector[i];
	}
	return sum.map((value) => value / vectors.length);
};

const newestOf = (vectors) => vectors.reduce((best, next) => (next[0] > best[0] ? next : best));

/** @param {Channel[]} peers of rank 1, 2, … */
const reduceAsLeader = async (peers, vector, combine) => {
	const theirs = await Promise.all(
		peers.map((peer, index) => naming(`node ${index + 1}`, peer.receive())),
	);
	const lengths = new Set([vector, ...theirs].map(({ length }) => length));
	if (lengths.size > 1) {
		throw new Error('nodes sent vectors of different lengths: do they run the same model?');
	}
	const result = combine([vector, ...theirs]);
	for (const peer of peers) peer.send(result);
	return result;
};

const reduceAsPeer = (leader, vector) => {
	leader.send(vector);
	return naming('node 0', leader.receive());
};

const naming = async (node, received) => {
	try {
		return await received;
	} catch (error) {
		throw new Error(`lost ${node}: ${error.message}`, { cause: error });
	}
};

/** @returns {Promise<Channel[]>} by rank, from 1 */
const acceptPeers = async ({ size, host, port, signal, log }) => {
	/** @type {Map<number, Channel>} */
	const peers = new Map();
	const admit = async (socket) => {
		const channel = channelOver(socket);
		const [rank, claimedSize] = await channel.receive().catch(() => []);
		const fits = Number.isInteger(rank) && rank > 0 && rank < size && claimedSize === size;
		if (!fits || peers.has(rank)) {
			log(`WARNING refused a connection that is not one of the ${size} nodes`);
			return channel.close();
		}
		peers.set(rank, channel);
		log(`INFO node ${rank} joined`);
		if (peers.size === size - 1) server.emit('complete');
	};
	const server = createServer(admit);
	server.listen(port, host, () => log(`INFO waiting for ${size - 1} more on ${host}:${port}`));
	try {
		await once(server, 'complete', { signal });
	} catch (error) {
		throw signal.aborted ? signal.reason : error;
	} finally {
		server.close();
	}
	return Array.from({ length: size - 1 }, (_, index) => peers.get(index + 1));
};

/** @returns {Promise<Channel>} */
const connectToLeader = async ({ host, port, signal, log }) => {
	for (let attempt = 1; ; attempt++) {
		const socket = connect({ host, port });
		try {
			await once(socket, 'connect', { signal });
			log(`INFO joined node 0 at ${host}:${port}`);
			return channelOver(socket);
		} catch (error) {
			socket.destroy();
			if (signal.aborted) throw signal.reason;
			if (attempt === 1) {
				log(`WARNING node 0 does not answer at ${host}:${port} yet (${error.code}), trying on`);
			}
		}
		await delay(retryMs, undefined, { signal });
	}
};
