import type { ServerResponse } from 'node:http';
import { feedHeartbeatMs } from '../contract/feeds.ts';

export type ServerSentEvent = {
	readonly event: string;
	/** Sent as JSON, which never holds a raw line break: it always fits one `data` line. */
	readonly data: unknown;
	readonly id: number;
};

/**
 * A `text/event-stream` reply (WHATWG HTML, 9.2). Whoever writes to it asks {@link ready} first:
 * while the reader is slow nothing more is taken, so a reader holds one buffer of memory at most.
 */
export class EventStream {
	readonly #response: ServerResponse;
	readonly #heartbeat: NodeJS.Timeout;
	#full = false;
	#closed = false;

	/**
	 * Sends the headers. `onReady` is called when a full stream takes data again, `onClose` once,
	 * when the reader has gone or the server closes.
	 */
	constructor(response: ServerResponse, onReady: () => void, onClose: () => void) {
		this.#response = response;
		response.writeHead(200, {
			'content-type': 'text/event-stream',
			'cache-control': 'no-cache, no-transform',
			// Asks nginx and its like not to buffer.
			'x-accel-buffering': 'no',
		});
		this.#heartbeat = setInterval(() => this.#comment('alive'), feedHeartbeatMs);
		response.on('drain', () => {
			this.#full = false;
			onReady();
		});
		response.on('close', () => {
			this.#closed = true;
			clearInterval(this.#heartbeat);
			onClose();
		});
		this.#comment('open');
	}

	get closed(): boolean {
		return this.#closed;
	}

	/** Whether the stream takes events now. */
	get ready(): boolean {
		return !this.#full && !this.#closed;
	}

	send({ event, id, data }: ServerSentEvent): void {
		this.#write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
	}

	/** A reader that is behind gets no heartbeat: what it still has to read is sign enough. */
	#comment(text: string): void {
		if (this.ready) this.#write(`: ${text}\n\n`);
	}

	#write(text: string): void {
		if (!this.#response.write(text)) this.#full = true;
	}
}
