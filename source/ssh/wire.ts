import { Failure } from '../contract/failure.ts';

/** Longest JWT that a frame may hold, in bytes. */
export const longestJwtBytes = 16 * 1024;
const headerBytes = 4;

/** The one byte with which a proxy answers a frame; all but 0 mean "rejected". */
export const accepted = 0x00;
export const rejected = 0x01;

/**
 * What a client sends first: the length of the JWT as an unsigned 32-bit big-endian number, then
 * the JWT in ASCII (truss and baseten-cli, ssh proxy command).
 * @throws Failure `invalid` when the JWT is empty, too long or not ASCII.
 */
export const encodeFrame = (jwt: string): Buffer => {
	if (!/^[\x21-\x7e]+$/.test(jwt)) throw new Failure('invalid', 'The JWT is not plain ASCII text.');
	checkLength(jwt.length);
	const frame = Buffer.allocUnsafe(headerBytes + jwt.length);
	frame.writeUInt32BE(jwt.length);
	frame.write(jwt, headerBytes, 'latin1');
	return frame;
};

/** A whole frame: its JWT, and the bytes that came behind it. */
export type DecodedFrame = { readonly jwt: string; readonly rest: Buffer };

/** Reads one frame from chunks of any size. Holds no more than the length that it has accepted. */
export class FrameDecoder {
	#part: Buffer = Buffer.alloc(headerBytes);
	#filled = 0;
	#inHeader = true;

	/**
	 * Takes the next bytes; returns the frame once it is whole. Not to be called after that.
	 * @throws Failure `invalid` as soon as the length is out of bounds.
	 */
	push(chunk: Buffer): DecodedFrame | undefined {
		let rest = chunk;
		for (;;) {
			const copied = rest.copy(this.#part, this.#filled);
			this.#filled += copied;
			rest = rest.subarray(copied);
			if (this.#filled < this.#part.length) return undefined;
			if (!this.#inHeader) return { jwt: this.#part.toString('latin1'), rest };
			const length = this.#part.readUInt32BE();
			checkLength(length);
			this.#part = Buffer.alloc(length);
			this.#filled = 0;
			this.#inHeader = false;
		}
	}
}

const checkLength = (length: number): void => {
	if (length < 1 || length > longestJwtBytes) {
		throw new Failure(
			'invalid',
			`A JWT of ${length} bytes is not between 1 and ${longestJwtBytes}.`,
		);
	}
};
