import type { Socket } from 'node:net';
import { Failure } from '../../../contract/failure.ts';
import { FrameDecoder } from '../../../ssh/wire.ts';

/**
 * Reads the frame that a client sends first, and leaves the bytes behind it in the socket, paused.
 * @param deadlineMs ms that the client has for the whole frame
 * @returns the JWT
 * @throws Failure `invalid` when the client is too slow, breaks off, or sends something else.
 */
export const readFrame = (socket: Socket, deadlineMs: number): Promise<string> =>
	new Promise((resolve, reject) => {
		const decoder = new FrameDecoder();
		const settle = (outcome: () => void): void => {
			clearTimeout(deadline);
			socket.off('data', take).off('close', breakOff).off('end', breakOff);
			socket.pause();
			outcome();
		};
		const fail = (reason: string): void =>
			settle(() => reject(new Failure('invalid', `The client ${reason}.`)));
		const breakOff = (): void => fail('broke off before its token was complete');
		const take = (chunk: Buffer): void => {
			try {
				const frame = decoder.push(chunk);
				if (frame === undefined) return;
				settle(() => {
					if (frame.rest.length > 0) socket.unshift(frame.rest);
					resolve(frame.jwt);
				});
			} catch (error) {
				settle(() => reject(error));
			}
		};
		const deadline = setTimeout(
			() => fail(`sent no token within ${deadlineMs / 1000} s`),
			deadlineMs,
		);
		socket.on('data', take).on('end', breakOff).on('close', breakOff);
	});
