import { afterEach, beforeEach, expect, test } from 'vitest';
import { Store } from '../../source/store/store.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { sampleJob, sampleRequest, sampleSession, sampleTime } from './samples.ts';

let store: Store;
beforeEach(() => {
	store = Store.open(temporaryDirectory());
});
afterEach(() => store.close());

const later = '2026-11-24T13:00:00.000Z';

test('a project is an upsert by name and shows its latest job', () => {
	const project = { id: 'proj1', name: 'digits', created_at: sampleTime, updated_at: sampleTime };
	store.putProject(project);
	store.putProject({ ...project, id: 'proj2', updated_at: later });
	store.insertJob(sampleJob('old'), sampleRequest(), []);
	store.insertJob(sampleJob('new', { created_at: later }), sampleRequest(), []);
	expect(store.jobs.projects()).toHaveLength(1);
	const found = store.jobs.project('digits');
	expect(found).toMatchObject({ id: 'proj1', updated_at: later, latest_job: { id: 'new' } });
	expect(store.jobs.project('proj1')).toEqual(found);
	expect(store.jobs.project('proj2')).toBeUndefined();
});

test('a search matches every given field, newest first unless asked otherwise', () => {
	store.insertJob(sampleJob('a'), sampleRequest(), []);
	const ended = { created_at: later, current_status: 'TRAINING_JOB_FAILED' };
	store.insertJob(sampleJob('b', ended), sampleRequest(), []);
	store.insertJob(sampleJob('c', { training_project_id: 'other' }), sampleRequest(), []);
	const ids = (request: Parameters<Store['jobs']['search']>[0]): string[] =>
		store.jobs.search(request).map(({ id }) => id);
	expect(ids({})).toEqual(['b', 'c', 'a']);
	expect(ids({ order_by: [{ field: 'created_at', order: 'asc' }] })).toEqual(['a', 'c', 'b']);
	expect(ids({ project_id: 'proj1' })).toEqual(['b', 'a']);
	expect(ids({ statuses: ['TRAINING_JOB_FAILED'] })).toEqual(['b']);
	expect(ids({ statuses: [] })).toEqual([]);
	expect(ids({ job_id: 'a', project_id: 'other' })).toEqual([]);
});

test('the version rises with each change of the job or a session, and readers are woken', () => {
	store.insertJob(sampleJob('a'), sampleRequest(), [sampleSession(1), sampleSession(0)]);
	const before = store.jobs.version('a');
	let wakes = 0;
	const stop = store.changes.on('state', 'a', () => {
		wakes += 1;
	});
	store.updateJob('a', { current_status: 'TRAINING_JOB_STOPPED' });
	store.putSession('a', sampleSession(0, { state: 'ended' }));
	expect(store.jobs.version('a')).toBe(before + 2);
	expect(wakes).toBe(2);
	expect(store.jobs.sessions('a').map(({ node, state }) => [node, state])).toEqual([
		[0, 'ended'],
		[1, 'active'],
	]);
	stop();
	store.updateJob('a', {});
	expect(wakes).toBe(2);
});

test('a secret is replaced by name and its value never listed', () => {
	const first = store.secrets.put('key', 'hidden-1', sampleTime);
	expect(store.secrets.put('key', 'hidden-2', sampleTime).id).toBe(first.id);
	expect(store.secrets.value('key')).toBe('hidden-2');
	expect(JSON.stringify(store.secrets.list())).not.toContain('hidden');
	expect(store.secrets.delete('key')).toBe(true);
	expect(store.secrets.delete('key')).toBe(false);
});
