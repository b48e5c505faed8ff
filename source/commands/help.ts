import type { Command } from './command.ts';
import { commands } from './command-table.ts';
import { type FlagName, flagTable, flagWord, globalFlags } from './flags.ts';

const visible = commands.filter(({ isHidden }) => !isHidden);

/** Lines of two columns, the first padded to the widest. */
const columns = (rows: readonly (readonly [string, string])[], indent = '  '): string[] => {
	const width = Math.max(0, ...rows.map(([first]) => first.length));
	return rows.map(([first, second]) => `${indent}${first.padEnd(width)}  ${second}`);
};

const flagRow = (name: FlagName): readonly [string, string] => {
	const spec = flagTable[name];
	const short = 'short' in spec ? `-${spec.short}, ` : '';
	const isNegated = spec.summary.startsWith('--no-');
	const [word, summary] = isNegated
		? [spec.summary.split(':')[0] ?? '', spec.summary.replace(/^[^:]*: /, '')]
		: [`${short}${flagWord(name)}${'value' in spec ? ` ${spec.value}` : ''}`, spec.summary];
	return [word, summary];
};

const commandLine = ({ name, usage }: Command): string =>
	`${name === 'monitor' ? '' : name} ${usage}`.trim();

/** The help of the whole program. */
export const programHelp = (): string =>
	[
		'signalbox: one screen for a remote training job. Its interactive sessions stay pinned above',
		'its live log; keys extend a session, switch its trigger, or open a shell on its node.',
		'',
		'Usage: signalbox [JOB]',
		'       signalbox COMMAND …',
		'',
		'Commands',
		...columns(visible.map((command) => [commandLine(command), command.summary])),
		'',
		'Flags of every command',
		...columns(globalFlags.map(flagRow)),
		'',
		'To begin with',
		...columns([
			['signalbox demo', 'see it at work, without account or configuration'],
			['signalbox COMMAND --help', 'learn about a command, with examples'],
		]),
		'',
		'Environment',
		...columns([
			['BASETEN_API_KEY', 'token for --url'],
			['SIGNALBOX_DATA_DIR', 'where the local plane keeps its jobs, ~/.local/share/signalbox'],
			['NO_COLOR', 'draw without colours'],
		]),
		'',
		'Exit codes',
		'  0 done   1 failed   2 wrong usage or input   3 not found   4 not authorised   5 unreachable',
		'',
	].join('\n');

/** The help of one command. */
export const commandHelp = (command: Command): string => {
	const flags = [...command.flags, ...globalFlags];
	return [
		`Usage: signalbox ${commandLine(command)}`.trimEnd(),
		'',
		`${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
		...(command.details ?? []),
		'',
		'Flags',
		...columns(flags.map(flagRow)),
		'',
		'Examples',
		...columns(
			command.examples.map(([line, does]) => [`signalbox ${line}`.trimEnd(), does] as const),
		),
		'',
	].join('\n');
};
