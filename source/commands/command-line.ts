import { closestMatch } from 'leven';
import meow from 'meow';
import { Failure, messageOf } from '../contract/failure.ts';
import type { Command, CommandInput } from './command.ts';
import { commands } from './command-table.ts';
import { type FlagName, type Flags, flagTable, flagWord, globalFlags } from './flags.ts';

export type CommandLine = CommandInput & {
	readonly command: Command;
	/** Whether the line named the command: `--help` alone shows the help of all. */
	readonly isNamed: boolean;
};

const meowFlags = Object.fromEntries(
	Object.entries(flagTable).map(([name, flag]) => [
		name,
		'short' in flag ? { type: flag.type, shortFlag: flag.short } : { type: flag.type },
	]),
);

/**
 * Reads the words after the program's name.
 * @throws Failure `usage` for anything that no command knows what to do with.
 */
export const readCommandLine = (argv: readonly string[]): CommandLine => {
	const end = argv.indexOf('--');
	const [before, rest] = end === -1 ? [argv, []] : [argv.slice(0, end), argv.slice(end + 1)];
	const { input, flags } = readFlags(before);
	const [first = '', ...others] = input;
	const named = commands.find(({ name }) => name === first);
	const command = named ?? commandOf('monitor');
	const line = {
		command,
		isNamed: named !== undefined,
		words: named ? others : input,
		rest,
		flags: flags as Flags,
	};
	checkFlags(command, flags);
	if (!line.flags.help && !line.flags.version) checkWords(line);
	return line;
};

/** @throws Error when the table has no such command. */
export const commandOf = (name: string): Command => {
	const command = commands.find((each) => each.name === name);
	if (!command) throw new Error(`There is no command ${name}`);
	return command;
};

const readFlags = (argv: readonly string[]) => {
	try {
		return meow({
			importMeta: import.meta,
			argv,
			flags: meowFlags,
			autoHelp: false,
			autoVersion: false,
			booleanDefault: undefined,
			inferType: false,
		});
	} catch (error) {
		throw new Failure('usage', messageOf(error), { cause: error });
	}
};

const checkFlags = (command: Command, given: Readonly<Record<string, unknown>>): void => {
	const known: readonly string[] = [...command.flags, ...globalFlags];
	for (const [name, value] of Object.entries(given)) {
		const flag = name.length === 1 ? `-${name}` : flagWord(name);
		if (!known.includes(name)) {
			const near = closestMatch(name, known, { maxDistance: 3 });
			const hint = near === undefined ? seeHelp(command) : `Did you mean ${flagWord(near)}?`;
			throw new Failure('usage', `${nameOf(command)} has no flag ${flag}. ${hint}`);
		}
		const { type, ...spec } = flagTable[name as FlagName];
		if (type === 'string' && value === '') {
			const word = 'value' in spec ? spec.value : 'VALUE';
			throw new Failure('usage', `${flag} needs a value: ${flag} ${word}.`);
		}
	}
};

const checkWords = ({ command, words, rest, isNamed }: CommandLine): void => {
	const [usage = '', usageAfter] = command.usage.split(' [-- ');
	const wanted = usage.split(' ').filter((word) => word !== '');
	const required = wanted.filter((word) => !word.startsWith('['));
	const missing = required[words.length];
	if (missing !== undefined) {
		throw new Failure('usage', `${nameOf(command)} needs ${missing}. ${seeHelp(command)}`);
	}
	const surplus = words[wanted.length];
	if (surplus !== undefined) {
		const near = isNamed
			? undefined
			: closestMatch(words[0] ?? '', visibleNames(), { maxDistance: 2 });
		const hint = near === undefined ? seeHelp(command) : `Did you mean ${near}?`;
		const what = isNamed ? surplus : words[0];
		throw new Failure(
			'usage',
			`${nameOf(command)} does not know what to do with "${what}". ${hint}`,
		);
	}
	if (rest.length > 0 && usageAfter === undefined) {
		throw new Failure('usage', `${nameOf(command)} takes nothing after --. ${seeHelp(command)}`);
	}
};

/** The names that people can type. */
export const visibleNames = (): string[] =>
	commands.filter(({ isHidden }) => !isHidden).map(({ name }) => name);

const nameOf = ({ name }: Command): string =>
	name === 'monitor' ? 'signalbox' : `signalbox ${name}`;

const seeHelp = ({ name }: Command): string =>
	name === 'monitor' ? 'See signalbox --help.' : `See signalbox ${name} --help.`;
