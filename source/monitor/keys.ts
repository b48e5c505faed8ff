/** Where a command's keys count: on the screen itself, or in what lies over it. */
export type Scope =
	| 'screen'
	| 'help'
	| 'extend'
	| 'trigger'
	| 'stop'
	| 'jobs'
	| 'metrics'
	| 'pattern'
	| 'goto'
	| 'filters'
	| 'select'
	| 'save';

/**
 * Keys, separated by spaces and named as {@link keyLabel} takes them; what the command does; and
 * its words for the footer, if it belongs there.
 */
type Entry = readonly [keys: string, description: string, short?: string];

const sessionKeys = {
	extend: ['e', 'extend the selected node', 'extend'],
	'extend-all': ['E', 'extend all nodes'],
	trigger: ['t', 'change the trigger', 'trigger'],
	ssh: ['s enter', 'ssh into the selected node', 'ssh'],
	'ssh-window': ['S', 'ssh in a tmux window'],
	'add-keys': ['A', 'add keys to the ssh agent'],
	'open-url': ['o', 'open the login page'],
	editor: ['v', 'open VS Code or Cursor'],
	copy: ['c', 'copy code or ssh command', 'copy'],
	'select-previous': ['k up', 'select the node above'],
	'select-next': ['j down', 'select the node below'],
	stop: ['x', 'stop the job'],
} as const satisfies Record<string, Entry>;

const logKeys = {
	follow: ['space', 'pause or follow', 'pause'],
	'line-up': ['shift-up ctrl-y', 'a line up'],
	'line-down': ['shift-down ctrl-e', 'a line down'],
	'half-up': ['ctrl-u', 'half a page up'],
	'half-down': ['ctrl-d', 'half a page down'],
	'page-up': ['pageup ctrl-b', 'a page up'],
	'page-down': ['pagedown ctrl-f', 'a page down'],
	top: ['g home', 'oldest line'],
	bottom: ['G end', 'newest line, follow'],
	node: ['0 1 2 3 4 5 6 7 8 9', 'one node; again: all'],
	'all-nodes': ['a', 'all nodes'],
	wrap: ['w', 'wrap or cut long lines'],
	timestamps: ['T', 'show or hide times'],
	fold: ['z', 'fold tracebacks'],
	level: ['l', 'least level shown'],
	mouse: ['W', 'wheel of the mouse'],
} as const satisfies Record<string, Entry>;

const findKeys = {
	search: ['/', 'search the whole log', 'search'],
	'find-next': ['n', 'the next match'],
	'find-previous': ['N', 'the match before'],
	include: ['&', 'only lines with a pattern'],
	exclude: ['!', 'only lines without one'],
	filters: ['F', 'list filters, remove one'],
	goto: [':', 'go to a time or line'],
	'error-next': [']', 'the next error'],
	'error-previous': ['[', 'the error before'],
	'first-error': ['{', 'the first error'],
	'last-failure': ['}', 'the last error'],
	bookmark: ['M', 'mark the first line shown'],
	'bookmark-next': ["'", 'the next marked line'],
	'bookmark-previous': ['"', 'the marked line before'],
	'copy-lines': ['y', 'copy the lines shown'],
	select: ['V', 'choose lines to copy'],
	save: ['>', 'save the log in a file'],
	pager: ['|', 'open the log in $PAGER'],
	'open-log': ['O', 'open the log in $EDITOR'],
} as const satisfies Record<string, Entry>;

const screenKeys = {
	metrics: ['m', 'CPU, memory and GPUs'],
	jobs: ['J', 'choose another job'],
	help: ['?', 'this help', 'help'],
	dismiss: ['escape', 'end a message or search'],
	quit: ['q ctrl-c', 'quit; the job goes on'],
} as const satisfies Record<string, Entry>;

const helpKeys = {
	'help-next': ['space pagedown', 'more keys', 'more'],
	'help-close': ['escape ? q enter', 'close the help', 'close'],
} as const satisfies Record<string, Entry>;

const extendKeys = {
	'extend-submit': ['enter', 'extend by these minutes', 'extend'],
	'extend-erase': ['backspace delete', 'erase a digit'],
	'extend-close': ['escape', 'leave it as it is', 'cancel'],
} as const satisfies Record<string, Entry>;

const triggerKeys = {
	'trigger-previous': ['k up', 'the choice above'],
	'trigger-next': ['j down', 'the choice below', 'choose'],
	'trigger-submit': ['enter', 'change the trigger', 'change'],
	'trigger-close': ['escape q t', 'leave it as it is', 'cancel'],
} as const satisfies Record<string, Entry>;

const stopKeys = {
	'stop-submit': ['y', 'stop the job', 'stop it'],
	'stop-close': ['n escape q enter', 'leave it running', 'leave it running'],
} as const satisfies Record<string, Entry>;

const jobsKeys = {
	'jobs-previous': ['up ctrl-p', 'the job above'],
	'jobs-next': ['down ctrl-n', 'the job below', 'choose'],
	'jobs-submit': ['enter', 'show this job', 'show'],
	'jobs-erase': ['backspace delete', 'erase a letter'],
	'jobs-close': ['escape', 'stay with this job', 'cancel'],
} as const satisfies Record<string, Entry>;

const metricsKeys = {
	'metrics-close': ['escape m q enter', 'close the metrics', 'close'],
} as const satisfies Record<string, Entry>;

const patternKeys = {
	'pattern-submit': ['enter', 'take the pattern', 'take'],
	'pattern-plain': ['tab', 'plain text or pattern', 'plain or regex'],
	'pattern-recall': ['up ctrl-p', 'the last pattern', 'last'],
	'pattern-erase': ['backspace delete', 'erase a letter'],
	'pattern-close': ['escape', 'leave it as it was', 'cancel'],
} as const satisfies Record<string, Entry>;

const gotoKeys = {
	'goto-submit': ['enter', 'go there', 'go'],
	'goto-erase': ['backspace delete', 'erase a letter'],
	'goto-close': ['escape', 'stay here', 'cancel'],
} as const satisfies Record<string, Entry>;

const filtersKeys = {
	'filters-previous': ['k up', 'the filter above'],
	'filters-next': ['j down', 'the filter below', 'choose'],
	'filters-remove': ['x enter delete backspace', 'remove the filter', 'remove'],
	'filters-clear': ['X', 'remove all filters', 'remove all'],
	'filters-close': ['escape q F', 'close the list', 'close'],
} as const satisfies Record<string, Entry>;

const selectKeys = {
	'select-line-up': ['k up', 'a line up'],
	'select-line-down': ['j down', 'a line down', 'choose'],
	'select-page-up': ['pageup ctrl-b', 'a page up'],
	'select-page-down': ['pagedown ctrl-f', 'a page down'],
	'select-copy': ['y enter c', 'copy the lines', 'copy'],
	'select-close': ['escape q V', 'choose nothing', 'cancel'],
} as const satisfies Record<string, Entry>;

const saveKeys = {
	'save-submit': ['enter', 'save', 'save'],
	'save-whole': ['tab', 'all lines or those shown', 'all or filtered'],
	'save-erase': ['backspace delete', 'erase a letter'],
	'save-close': ['escape', 'save nothing', 'cancel'],
} as const satisfies Record<string, Entry>;

const groups = [
	['screen', 'session', sessionKeys],
	['screen', 'log', logKeys],
	['screen', 'find', findKeys],
	['screen', 'screen', screenKeys],
	['help', 'screen', helpKeys],
	['extend', 'screen', extendKeys],
	['trigger', 'screen', triggerKeys],
	['stop', 'screen', stopKeys],
	['jobs', 'screen', jobsKeys],
	['metrics', 'screen', metricsKeys],
	['pattern', 'screen', patternKeys],
	['goto', 'screen', gotoKeys],
	['filters', 'screen', filtersKeys],
	['select', 'screen', selectKeys],
	['save', 'screen', saveKeys],
] as const;

type NamesOf<Entries> = Entries extends unknown ? Extract<keyof Entries, string> : never;
export type CommandId = NamesOf<(typeof groups)[number][2]>;

export type KeyBinding = {
	readonly id: CommandId;
	readonly keys: readonly string[];
	readonly description: string;
	/** Words for the footer, null when the command is in the help only. */
	readonly short: string | null;
	readonly scope: Scope;
	/** Heading under which the help lists the command. */
	readonly group: 'session' | 'log' | 'find' | 'screen';
};

/** Every command with its keys: help, footer, documentation and tests are derived from it. */
export const keyTable: readonly KeyBinding[] = groups.flatMap(([scope, group, entries]) =>
	Object.entries<Entry>(entries).map(([id, [keys, description, short]]) => ({
		id: id as CommandId,
		keys: keys.split(' '),
		description,
		short: short ?? null,
		scope,
		group,
	})),
);

/** The table with keys of the user's choice: by command, what takes the place of its keys. */
export const remapKeys = (
	keys: Readonly<Partial<Record<CommandId, readonly string[]>>>,
): readonly KeyBinding[] =>
	keyTable.map((binding) => ({ ...binding, keys: keys[binding.id] ?? binding.keys }));

/** The command of a key in a scope, null when it has none. ctrl-c quits from anywhere. */
export const commandFor = (
	key: string,
	scope: Scope,
	table: readonly KeyBinding[] = keyTable,
): CommandId | null => {
	if (key === 'ctrl-c') return 'quit';
	return table.find((binding) => binding.scope === scope && binding.keys.includes(key))?.id ?? null;
};

const labels: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	escape: 'esc',
	home: 'Home',
	end: 'End',
};

/** A key's name for people: `shift-up` -> `shift-↑`. */
export const keyLabel = (key: string): string => {
	const [, modifier = '', name = key] = /^(shift-|ctrl-)?(.+)$/.exec(key) ?? [];
	return modifier + (labels[name] ?? name);
};

/** The keys of a binding in a word or two: `k ↑`; a run of ten digits as `0-9`. */
export const keysLabel = ({ keys }: Pick<KeyBinding, 'keys'>): string =>
	keys.length === 10 ? `${keys[0]}-${keys[9]}` : keys.map(keyLabel).join(' ');
