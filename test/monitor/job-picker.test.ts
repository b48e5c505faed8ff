import { expect, test } from 'vitest';
import { chosenJob, jobsFor, pickerRows } from '../../source/monitor/job-picker.ts';
import { isoIn, now, snapshot } from './fixtures.ts';

const job = (id: string, name: string, status = 'TRAINING_JOB_RUNNING') => ({
	...snapshot([]).job,
	id,
	name,
	current_status: status,
	training_project: { id: 'p', name: 'llm' },
	created_at: isoIn(-3_600_000),
});
const jobs = [
	job('abc', 'tuning'),
	job('def', 'Eval', 'TRAINING_JOB_FAILED'),
	job('ghi', 'tuning 2'),
];

test.each([
	['', ['abc', 'def', 'ghi']],
	['tun', ['abc', 'ghi']],
	['tuning 2', ['ghi']],
	['FAILED llm', ['def']],
	['eval running', []],
])('%j finds %j', (text, ids) => {
	expect(jobsFor({ text, choice: 0, jobs }).map(({ id }) => id)).toEqual(ids);
});

test('before the answer there is nothing to choose', () => {
	expect(chosenJob({ text: '', choice: 0, jobs: null })).toBeNull();
	expect(chosenJob({ text: '', choice: 2, jobs })?.id).toBe('ghi');
	expect(chosenJob({ text: 'zzz', choice: 0, jobs })).toBeNull();
});

test('the rows follow the cursor', () => {
	const many = Array.from({ length: 10 }, (_, n) => job(`j${n}`, 'x'));
	const ids = (choice: number): string[] =>
		pickerRows({ text: '', choice, jobs: many }, 3, now).map(({ id }) => id);
	expect(ids(0)).toEqual(['j0', 'j1', 'j2']);
	expect(ids(5)).toEqual(['j4', 'j5', 'j6']);
	expect(ids(9)).toEqual(['j7', 'j8', 'j9']);
	expect(pickerRows({ text: '', choice: 1, jobs }, 3, now)[1]).toEqual({
		id: 'def',
		name: 'llm › Eval',
		status: 'FAILED',
		tone: 'bad',
		age: '1h 0m',
		isChosen: true,
	});
});
