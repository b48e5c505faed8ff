import { expect, test } from 'vitest';
import { triggerChoices } from '../../source/monitor/triggers.ts';
import { session } from './fixtures.ts';

const refusals = (fields: Parameters<typeof session>[1]): (string | null)[] =>
	triggerChoices(session(0, fields)).map(({ refusal }) => refusal);

test.each([
	['an active on_demand session', {}, [null, null, 'already the trigger']],
	['a trigger that nobody knows', { trigger: null }, [null, null, null]],
	[
		'on_startup',
		{ trigger: 'on_startup' },
		['already the trigger', 'on_startup can not be changed', 'on_startup can not be changed'],
	],
	['an ended session', { state: 'ended' as const }, Array(3).fill('the session has ended')],
	['an expired session', { state: 'expired' as const }, Array(3).fill('the session has expired')],
	[
		'no session',
		{ session_id: null },
		Array(3).fill('the job was created without interactive sessions'),
	],
])('%s', (_, fields, expected) => expect(refusals(fields)).toEqual(expected));
