import { once } from 'node:events';

/** Far above any frame of this example; a stranger who connects cannot make a node fill its memory. */
const largestFrame = 16 * 1024 * 1024;
const headerLength = 4;
/** Time in ms for the other side to take the last frames when a channel is closed. */
const flushMs = 1000;

/**
 * Vectors over a TCP connection. A frame is its length in bytes (unsigned, 32 bit, big-endian),
 * then the numbers as 64-bit floats in the byte order of the machine: little-endian wherever
 * Node.js runs today.
 *
 * @param {import('node:net').Socket} socket connected
 * @returns {Channel}
 *
 * @typedef {object} Channel
 * @property {(vector: Float64Array) => void} send
 * @property {() => Promise<Float64Array>} receive the next vector; rejects when the link is lost
 * @property {() => Promise<void>} close sends what is still to be sent, then ends the connection
 */
export const channelOver = (socket) => {
	socket.setNoDelay(true);
	// Notices within half a minute that the other machine is gone without a goodbye.
	socket.setKeepAlive(true, 15_000);
	/** @type {Error | undefined} */
	let failure;
	socket.on('error', (error) => {
		failure ??= error;
	});
	const vectors = readVectors(socket);
	return {
		send(vector) {
			const header = Buffer.alloc(headerLength);
			header.writeUInt32BE(vector.byteLength);
			socket.write(header);
			socket.write(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
		},
		async receive() {
			const { value, done } = await vectors.next();
			if (!done) return value;
			throw failure ?? new Error('connection closed');
		},
		async close() {
			socket.destroySoon();
			if (!socket.closed) {
				const signal = AbortSignal.timeout(flushMs);
				await once(socket, 'close', { signal }).catch(() => {});
			}
			socket.destroy();
		},
	};
};

/** @param {import('node:net').Socket} socket */
async function* readVectors(socket) {
	let pending = Buffer.alloc(0);
	for await (const chunk of socket) {
		pending = Buffer.concat([pending, chunk]);
		while (pending.length >= headerLength) {
			const length = pending.readUInt32BE();
			if (length > largestFrame || length % Float64Array.BYTES_PER_ELEMENT !== 0) {
				throw new Error(`unreadable frame of ${length} bytes`);
			}
			const end = headerLength + length;
			if (pending.length < end) break;
			// A copy: a float array must start at a multiple of eight bytes.
			yield new Float64Array(Uint8Array.from(pending.subarray(headerLength, end)).buffer);
			pending = pending.subarray(end);
		}
	}
}
