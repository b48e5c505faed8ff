import { describe, expect, test } from 'vitest';
import { commandFor, keysLabel, keyTable, remapKeys } from '../../source/monitor/keys.ts';
import { defaultMinutes, parseMinutes } from '../../source/monitor/minutes.ts';

describe('the key table', () => {
	test('has each command once, and each key once per scope', () => {
		const ids = keyTable.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		const keys = keyTable.flatMap(({ scope, keys: all }) => all.map((key) => `${scope} ${key}`));
		expect(new Set(keys).size).toBe(keys.length);
	});

	test('lets every overlay be closed', () => {
		for (const scope of ['help', 'extend', 'trigger', 'stop'] as const) {
			expect(commandFor('escape', scope)).toBe(`${scope}-close`);
			expect(commandFor('ctrl-c', scope)).toBe('quit');
		}
	});

	test('finds commands by scope', () => {
		expect(commandFor('e', 'screen')).toBe('extend');
		expect(commandFor('7', 'screen')).toBe('node');
		expect(commandFor('e', 'extend')).toBeNull();
		expect(commandFor('Z', 'screen')).toBeNull();
	});

	test('takes other keys', () => {
		const table = remapKeys({ extend: ['+'] });
		expect(commandFor('+', 'screen', table)).toBe('extend');
		expect(commandFor('e', 'screen', table)).toBeNull();
	});

	test('names keys for people', () => {
		expect(keysLabel({ keys: ['shift-up', 'ctrl-y', 'pageup'] })).toBe('shift-↑ ctrl-y PgUp');
		expect(keysLabel({ keys: [...'0123456789'] })).toBe('0-9');
	});
});

test.each([
	['', { minutes: defaultMinutes }],
	[' 45 ', { minutes: 45 }],
	['5256000', { minutes: 5_256_000 }],
	['0', { error: 'a session can only be extended: 1 minute or more' }],
	['-5', { error: 'a session can only be extended: 1 minute or more' }],
	['1.5', { error: 'type a whole number of minutes, such as 60' }],
	['soon', { error: 'type a whole number of minutes, such as 60' }],
	['5256001', { error: 'at most 5256000 minutes, which is ten years' }],
])('%j minutes', (text, expected) => expect(parseMinutes(text)).toEqual(expected));
