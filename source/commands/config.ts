import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure, messageOf } from '../contract/failure.ts';
import { editors } from '../monitor/editor.ts';
import { defaultRingLimits, type RingLimits } from '../monitor/ring-limits.ts';

const mebibyte = 1024 * 1024;

export const configSchema = z.strictObject({
	/** Whether ssh forwards the user's agent; on unless told. */
	forward_agent: z.boolean().default(true),
	/** The editor for sessions by ssh; the one that is installed unless told. */
	editor: z.enum(editors).nullable().default(null),
	/** Whether the mouse's wheel scrolls the log from the start; text is then selected with shift. */
	mouse: z.boolean().default(false),
	/** Lines of the log kept in memory; the server keeps the rest. */
	log_lines: z.number().int().min(1_000).max(5_000_000).default(defaultRingLimits.lines),
	/** MiB that they may take. */
	log_megabytes: z
		.number()
		.int()
		.min(4)
		.max(4_096)
		.default(defaultRingLimits.bytes / mebibyte),
});

/** What the user has chosen for every run. */
export type Config = z.output<typeof configSchema>;

/** The limits of the log in memory that a configuration sets. */
export const ringLimitsOf = (config: Config): RingLimits => ({
	...defaultRingLimits,
	lines: config.log_lines,
	bytes: config.log_megabytes * mebibyte,
});

/** `$SIGNALBOX_CONFIG`, else `signalbox/config.yaml` in `$XDG_CONFIG_HOME` or `~/.config`. */
export const configPath = (env: NodeJS.ProcessEnv): string => {
	const home = env['HOME'] || homedir();
	const folder = env['XDG_CONFIG_HOME'] || join(home, '.config');
	return env['SIGNALBOX_CONFIG'] || join(folder, 'signalbox', 'config.yaml');
};

/**
 * Reads the configuration file; without one, everything is as it is unless told.
 * @throws Failure `invalid` with file, line and key, e.g.
 * `config.yaml:2: forward_agent: expected boolean, received string`.
 */
export const readConfigFile = async (env: NodeJS.ProcessEnv): Promise<Config> => {
	const path = configPath(env);
	const text = await readOrEmpty(path);
	if (text === '') return configSchema.parse({});
	// Loaded only here: most have no such file, and every screen waits for what is loaded.
	const { isMap, LineCounter, parseDocument } = await import('yaml');
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines });
	const at = (offset: number): string => `${path}:${lines.linePos(offset).line}`;
	const [syntax] = document.errors;
	if (syntax)
		throw new Failure('invalid', `${at(syntax.pos[0])}: ${syntax.message.split('\n')[0]}`);
	const { success, data, error } = configSchema.safeParse(document.toJS() ?? {});
	if (success) return data;
	const [issue] = error.issues;
	const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0];
	const pair = isMap(document.contents)
		? document.contents.items.find((item) => String(item.key) === String(key))
		: undefined;
	const offset = (pair?.key as { range?: [number] } | undefined)?.range?.[0] ?? 0;
	const what =
		issue?.code === 'unrecognized_keys'
			? `there is no such key. Keys: ${Object.keys(configSchema.shape).join(', ')}`
			: (issue?.message.replace(/^Invalid input: /, '') ?? '');
	throw new Failure(
		'invalid',
		`${at(offset)}: ${key === undefined ? '' : `${String(key)}: `}${what}.`,
	);
};

const readOrEmpty = async (path: string): Promise<string> => {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
		throw new Failure('failed', `Cannot read ${path}: ${messageOf(error)}.`, { cause: error });
	}
};
