/** How the connection of a feed stands. Times are epoch ms of this machine's clock. */
export type FeedState = {
	/** `retrying` waits for {@link nextRetryAt}; `stopped` needs somebody to do something. */
	readonly state: 'connecting' | 'live' | 'retrying' | 'stopped';
	/** Attempts in a row that have failed, 0 after success. */
	readonly attempt: number;
	readonly nextRetryAt: number | null;
	/** Why the last connection ended, null while live and before the first loss. */
	readonly reason: string | null;
	/** When anything last came, heartbeats included. */
	readonly lastEventAt: number | null;
};

/** What everyone who opened a feed holds. */
export type FeedHandle = {
	/** Ends the feed for good. No callback is called afterwards. */
	close(): void;
	/** Drops the connection, if there is one, and connects at once. */
	reconnect(): void;
	state(): FeedState;
};
