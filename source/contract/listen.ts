/** Certificate chain and private key of a server, in PEM. */
export type TlsFiles = { readonly cert: string; readonly key: string };

/** Where servers listen, and by which name clients find them. */
export type Listen = {
	/** Address to bind, e.g. `127.0.0.1` or `0.0.0.0`. */
	readonly host: string;
	/** Host name in the addresses that clients are given. */
	readonly name: string;
	/** Null: plain TCP, which is for loopback alone. */
	readonly tls: TlsFiles | null;
};

export const loopbackListen: Listen = { host: '127.0.0.1', name: '127.0.0.1', tls: null };
