import { describe, expect, test } from 'vitest';
import { applySgr, plainSgr, sgrPrefix } from '../../source/monitor/sgr.ts';

const after = (...sequences: readonly string[]): string => {
	const state = plainSgr();
	for (const parameters of sequences) applySgr(state, parameters);
	return sgrPrefix(state);
};

describe('styles in force', () => {
	test.each([
		['a colour', ['31'], '\x1b[31m'],
		['with zeros before it', ['0031;0000'], ''],
		['256 colours', ['38;5;208;48;5;0'], '\x1b[38;5;208;48;5;0m'],
		['true colours', ['38;2;1;2;3'], '\x1b[38;2;1;2;3m'],
		['with colons', ['38:2::1:2:3', '48:5:7'], '\x1b[38;2;1;2;3;48;5;7m'],
		['the colour of an underline is none', ['58;5;1', '58;2;9;7;31', '58:5:1', '59'], ''],
		['what follows such a colour counts', ['58;5;1;31'], '\x1b[31m'],
		['a value that is left out is 0', ['38;5;'], '\x1b[38;5;0m'],
		['values out of range are none', ['38;5;256', '38;2;1;2;999', '38:5:300'], ''],
		['a colour that ends early is none', ['38', '38;5', '38;2;1;2', '38:2:1'], ''],
		['a colour of an unknown kind is none', ['38;9;1;2;3', '38:9:1'], ''],
		['0 and nothing end all', ['1;3;31', ''], ''],
	])('%s', (_, sequences, prefix) => expect(after(...sequences)).toBe(prefix));
});
