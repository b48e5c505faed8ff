import { backoffMs } from '../api/backoff.ts';
import { type Edges, realEdges } from '../api/edges.ts';
import { endpointOf } from '../api/endpoint.ts';
import { RequestFailure } from '../api/request-failure.ts';
import { Failure } from '../contract/failure.ts';
import { feedIdleMs } from '../contract/feeds.ts';
import { type EventHandler, openAttempt } from './feed-attempt.ts';
import type { FeedHandle, FeedState } from './feed-state.ts';

/** How often silence and sleep are looked for, in ms. */
const tickMs = 1000;
/** A tick that comes this much late, in ms, tells that the machine slept. */
const sleptMs = 5000;
/** A connection that held this long, in ms, was a success even if no event came. */
const provenMs = 5000;

export type FeedOptions = {
	/** Base URL of the server. */
	readonly url: string;
	readonly token: string;
	/** Path and query of the feed. */
	readonly path: string;
	/** The cursor to go on after, asked at each connection; null for none. */
	readonly lastEventId?: () => string | null;
	/** Handlers by the name of the event. */
	readonly events: Readonly<Record<string, EventHandler>>;
	/** Told at each change, and about once a second while bytes come. */
	readonly onState?: (state: FeedState) => void;
	/** A connection stands. */
	readonly onOpen?: () => void;
	/** The server refused the feed in a way that no further attempt can mend. */
	readonly onStop?: (failure: Failure) => void;
	readonly edges?: Partial<Edges>;
};

/**
 * Opens a feed and keeps it open: a connection that fails or falls silent is replaced, with a
 * growing delay, until the feed is closed or the server says that it will never work.
 * @throws Failure when the URL or the token can not be used at all.
 */
export const openFeed = (options: FeedOptions): FeedHandle => new ReconnectingFeed(options);

const initialState: FeedState = {
	state: 'connecting',
	attempt: 0,
	nextRetryAt: null,
	reason: null,
	lastEventAt: null,
};

class ReconnectingFeed implements FeedHandle {
	readonly #options: FeedOptions;
	readonly #endpoint: ReturnType<typeof endpointOf>;
	readonly #edges: Edges;
	#state = initialState;
	#closed = false;
	#failures = 0;
	/** When the current attempt last showed life: its start, then every byte. */
	#aliveAt = 0;
	#openedAt: number | undefined;
	#toldAliveAt = 0;
	#tickAt = 0;
	#closeAttempt = (): void => {};
	#cancelRetry = (): void => {};
	#cancelTick = (): void => {};

	constructor(options: FeedOptions) {
		this.#options = options;
		this.#edges = { ...realEdges, ...options.edges };
		this.#endpoint = endpointOf(options.url, options.token);
		this.#scheduleTick();
		this.#connect();
	}

	state(): FeedState {
		return this.#state;
	}

	close(): void {
		this.#closed = true;
		this.#cancelTick();
		this.#cancelRetry();
		this.#closeAttempt();
	}

	reconnect(): void {
		if (this.#closed) return;
		this.#failures = 0;
		this.#cancelRetry();
		this.#closeAttempt();
		this.#connect();
	}

	#connect(): void {
		const { path, lastEventId, events, onOpen } = this.#options;
		this.#aliveAt = this.#edges.now();
		this.#openedAt = undefined;
		this.#change({ state: 'connecting', attempt: this.#failures, nextRetryAt: null });
		if (this.#closed) return;
		this.#closeAttempt = openAttempt({
			endpoint: this.#endpoint,
			path,
			events,
			lastEventId: lastEventId?.() ?? null,
			edges: this.#edges,
			onOpen: () => {
				this.#aliveAt = this.#edges.now();
				this.#openedAt = this.#aliveAt;
				this.#change({
					state: 'live',
					attempt: 0,
					reason: null,
					lastEventAt: this.#aliveAt,
				});
				onOpen?.();
			},
			onBytes: () => {
				this.#aliveAt = this.#edges.now();
			},
			onEvent: () => {
				this.#failures = 0;
			},
			onEnd: (failure) => this.#retryOrStop(failure),
		});
	}

	#retryOrStop(failure: Failure): void {
		const status = failure instanceof RequestFailure ? failure.status : null;
		if (status !== null && status < 500 && status !== 429) {
			this.#change({ state: 'stopped', reason: failure.message });
			this.#options.onStop?.(failure);
			return;
		}
		const now = this.#edges.now();
		if (this.#openedAt !== undefined && now - this.#openedAt >= provenMs) this.#failures = 0;
		this.#failures += 1;
		const asked = failure instanceof RequestFailure ? (failure.retryAfter ?? 0) : 0;
		const wait = Math.max(asked, backoffMs(this.#failures, this.#edges.random()));
		this.#cancelRetry = this.#edges.after(wait, () => this.#connect());
		this.#change({
			state: 'retrying',
			attempt: this.#failures,
			nextRetryAt: now + wait,
			reason: failure.message,
		});
	}

	#scheduleTick(): void {
		this.#tickAt = this.#edges.now();
		this.#cancelTick = this.#edges.after(tickMs, () => {
			const late = this.#edges.now() - this.#tickAt - tickMs;
			this.#scheduleTick();
			this.#watch(late);
		});
	}

	/** `late`: ms by which this tick missed its time. */
	#watch(late: number): void {
		const { state } = this.#state;
		if (state === 'stopped') return;
		if (late > sleptMs) {
			this.reconnect();
		} else if (state !== 'retrying' && this.#edges.now() - this.#aliveAt >= feedIdleMs) {
			this.#closeAttempt();
			const seconds = feedIdleMs / 1000;
			this.#retryOrStop(
				new Failure('unreachable', `Nothing came from ${this.#options.url} for ${seconds} s.`),
			);
		} else if (state === 'live' && this.#aliveAt !== this.#toldAliveAt) {
			this.#change({});
		}
	}

	#change(change: Partial<FeedState>): void {
		const lastEventAt = this.#openedAt === undefined ? this.#state.lastEventAt : this.#aliveAt;
		this.#toldAliveAt = this.#aliveAt;
		this.#state = { ...this.#state, lastEventAt, ...change };
		this.#options.onState?.(this.#state);
	}
}
