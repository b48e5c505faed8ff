/** The two feeds that a monitor listens to. */
export const feeds = ['log', 'sessions'] as const;
export type Feed = (typeof feeds)[number];

/** How a feed's connection stands. `retryAt`: ms of this machine's clock. */
export type Link =
	| { readonly kind: 'connecting' }
	| { readonly kind: 'live' }
	| {
			readonly kind: 'retrying';
			readonly attempt: number;
			readonly retryAt: number;
			readonly reason: string;
	  }
	| { readonly kind: 'stopped'; readonly reason: string };

/** A feed's link, and when anything (an event or a heartbeat) last came over it, in ms. */
export type FeedHealth = { readonly link: Link; readonly heardAt: number | null };
