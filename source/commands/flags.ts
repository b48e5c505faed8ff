/** A flag, as the help shows it and as the command line is read by. */
export type FlagSpec = {
	readonly type: 'string' | 'boolean';
	readonly short?: string;
	/** What the value is called in the help. */
	readonly value?: string;
	readonly summary: string;
};

/** All flags of all commands, by their camel-case names. */
export const flagTable = {
	url: { type: 'string', value: 'URL', summary: 'server to talk to instead of the local plane' },
	tokenFile: {
		type: 'string',
		value: 'FILE',
		summary: 'file with the token for --url; otherwise $BASETEN_API_KEY',
	},
	dataDir: {
		type: 'string',
		value: 'DIR',
		summary: 'where the local plane keeps its jobs; otherwise $SIGNALBOX_DATA_DIR',
	},
	json: { type: 'boolean', summary: 'print JSON' },
	color: { type: 'boolean', summary: '--no-color: print and draw without colours' },
	debug: { type: 'boolean', summary: 'show where an error comes from' },
	help: { type: 'boolean', short: 'h', summary: 'show the help, of a command too' },
	version: { type: 'boolean', short: 'v', summary: 'show the version' },
	node: { type: 'string', short: 'n', value: 'N', summary: 'node by its rank; all nodes without' },
	minutes: { type: 'string', short: 'm', value: 'M', summary: 'minutes to add' },
	tail: { type: 'boolean', short: 'f', summary: 'follow the log until the job ends' },
	lines: { type: 'string', value: 'N', summary: 'begin with the last N lines' },
	since: {
		type: 'string',
		value: 'TIME',
		summary: 'from then on: 10m, 2h, 1d ago, or an ISO time',
	},
	until: { type: 'string', value: 'TIME', summary: 'up to then, as --since' },
	level: { type: 'string', value: 'LEVEL', summary: 'from DEBUG, INFO, WARNING or ERROR upwards' },
	save: { type: 'string', value: 'FILE', summary: 'write the log into a file' },
	status: { type: 'string', value: 'STATUS', summary: 'only of that status, or active, or ended' },
	port: { type: 'string', value: 'N', summary: 'port to listen on; any free one without' },
	host: {
		type: 'string',
		value: 'ADDRESS',
		summary: 'address to listen on instead of loopback; needs --tls-cert and --tls-key',
	},
	name: {
		type: 'string',
		value: 'NAME',
		summary: 'host name that clients use, as the certificate has it; otherwise --host',
	},
	tlsCert: { type: 'string', value: 'FILE', summary: 'certificate chain of the server, in PEM' },
	viewers: {
		type: 'string',
		value: 'FILE',
		summary: 'YAML list of name, token and access (read or full), for you alone to read',
	},
	tlsKey: { type: 'string', value: 'FILE', summary: 'private key of the certificate, in PEM' },
	project: { type: 'string', value: 'NAME', summary: 'project of the job' },
	forwardAgent: {
		type: 'boolean',
		summary: '--no-forward-agent: keep the ssh agent out of the node',
	},
	remote: {
		type: 'string',
		value: 'NAME',
		summary: 'Baseten by a remote of ~/.trussrc; env: by $BASETEN_API_KEY',
	},
	remove: { type: 'boolean', summary: 'take out what was set up' },
	dryRun: { type: 'boolean', summary: 'only show what would change' },
} as const satisfies Readonly<Record<string, FlagSpec>>;

export type FlagName = keyof typeof flagTable;

/** The flags of a command line; those that were not given are missing. */
export type Flags = {
	readonly [Name in FlagName]?: (typeof flagTable)[Name]['type'] extends 'string'
		? string
		: boolean;
};

/** Flags that every command takes. */
export const globalFlags = ['color', 'debug', 'help', 'version'] as const;
/** Flags of every command that talks to a server. */
export const connectionFlags = ['url', 'tokenFile', 'remote', 'dataDir'] as const;

/** `tokenFile` -> `--token-file`. */
export const flagWord = (name: string): string =>
	`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
