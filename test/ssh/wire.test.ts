import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameDecoder, longestJwtBytes } from '../../source/ssh/wire.ts';

const header = (length: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(length);
	return bytes;
};

test('a frame is the length in four big-endian bytes, then the token', () => {
	expect([...encodeFrame('abc')]).toEqual([0, 0, 0, 3, 97, 98, 99]);
	expect([...encodeFrame('x'.repeat(258)).subarray(0, 4)]).toEqual([0, 0, 1, 2]);
});

test.each(['', 'ä', 'a b', 'a\n', 'x'.repeat(longestJwtBytes + 1)])(
	'does not encode what is no token (case %#)',
	(jwt) => {
		expect(() => encodeFrame(jwt)).toThrow();
	},
);

describe('FrameDecoder', () => {
	test('finds token and rest wherever the bytes are cut', () => {
		const jwt = fc.stringMatching(/^[A-Za-z0-9._-]{1,300}$/);
		const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 400 });
		fc.assert(
			fc.property(jwt, fc.uint8Array({ maxLength: 50 }), cuts, (token, tail, sizes) => {
				const bytes = Buffer.concat([encodeFrame(token), tail]);
				const decoder = new FrameDecoder();
				let at = 0;
				for (let step = 0; at < bytes.length; step++) {
					const chunk = bytes.subarray(at, at + (sizes[step % sizes.length] ?? 1));
					at += chunk.length;
					const frame = decoder.push(chunk);
					if (frame === undefined) continue;
					expect(frame.jwt).toBe(token);
					expect(Buffer.concat([frame.rest, bytes.subarray(at)])).toEqual(Buffer.from(tail));
					return;
				}
				throw new Error('the frame was never whole');
			}),
		);
	});

	test('takes the longest token, and refuses one more from the length alone', () => {
		const longest = 'x'.repeat(longestJwtBytes);
		expect(new FrameDecoder().push(encodeFrame(longest))?.jwt).toBe(longest);
		expect(() => new FrameDecoder().push(header(longestJwtBytes + 1))).toThrow('not between');
		expect(() => new FrameDecoder().push(header(0xff_ff_ff_ff))).toThrow('not between');
	});

	test('refuses an empty token', () => {
		expect(() => new FrameDecoder().push(header(0))).toThrow('not between');
	});
});
