import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { lockDataDirectory, prepareDataDirectory } from '../../source/store/data-directory.ts';
import { Store } from '../../source/store/store.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { sampleJob, sampleRequest } from './samples.ts';

const writer = join(import.meta.dirname, 'writer-process.ts');

/** Kills a writing process after it has acknowledged so many appends; returns the last cursor. */
const killWriterAfter = async (directory: string, appends: number): Promise<number> => {
	const child = spawn(process.execPath, [writer, directory], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let output = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		output += text;
		if (output.split('\n').length > appends) child.kill('SIGKILL');
	});
	const [, signal] = await once(child, 'close');
	expect(signal).toBe('SIGKILL');
	return Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1));
};

test('no acknowledged record is lost when the writer is killed at random points', async () => {
	const directory = temporaryDirectory();
	const store = Store.open(directory);
	store.insertJob(sampleJob('job1'), sampleRequest(), []);
	store.close();
	for (let round = 0; round < 6; round += 1) {
		const acknowledged = await killWriterAfter(directory, 1 + Math.floor(Math.random() * 300));
		const reopened = Store.open(directory);
		const { last } = reopened.logBounds('job1');
		const records = reopened.logsAfter('job1', 0, last + 1);
		reopened.close();
		expect(last).toBeGreaterThanOrEqual(acknowledged);
		expect(records.map(({ message }) => message)).toEqual(
			Array.from({ length: last }, (_, index) => `line ${index + 1}`),
		);
	}
});

test('a store of a newer version is refused and left as it is', () => {
	const directory = temporaryDirectory();
	Store.open(directory).close();
	const database = new DatabaseSync(join(directory, 'signalbox.db'));
	database.exec('PRAGMA user_version = 99');
	database.close();
	expect(() => Store.open(directory)).toThrow(/newer signalbox \(version 99, .*Update signalbox/);
});

test('a file that is no database is refused with its path', () => {
	const directory = temporaryDirectory();
	writeFileSync(join(directory, 'signalbox.db'), 'this is not a database, is it?'.repeat(100));
	expect(() => Store.open(directory)).toThrow(/Cannot open the store .*signalbox\.db/);
});

test('a directory that can not be written is refused with advice', () => {
	const file = join(temporaryDirectory(), 'file');
	writeFileSync(file, '');
	expect(() => Store.open(join(file, 'data'))).toThrow(
		/Cannot write the data directory .*Choose another with --data-dir/,
	);
});

test('a second process can not lock the directory until the first one dies', async () => {
	const directory = temporaryDirectory();
	prepareDataDirectory(directory);
	const module = join(import.meta.dirname, '../../source/store/data-directory.ts');
	const child = spawn(
		process.execPath,
		[
			'--expose-gc',
			'--input-type=module',
			'--eval',
			`import { lockDataDirectory } from ${JSON.stringify(module)};
			lockDataDirectory(${JSON.stringify(directory)});
			// The lock must not hang on whether somebody keeps the function that releases it.
			gc();
			setTimeout(() => {
				gc();
				console.log('locked');
			});
			setInterval(() => {}, 1000);`,
		],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	await once(child.stdout, 'data');
	expect(() => lockDataDirectory(directory)).toThrow(/is in use by another signalbox/);
	child.kill('SIGKILL');
	await once(child, 'close');
	const release = lockDataDirectory(directory);
	release();
});

test('only the owner can read what the store keeps', () => {
	const directory = join(temporaryDirectory(), 'data');
	Store.open(directory).close();
	expect(statSync(directory).mode & 0o777).toBe(0o700);
	expect(statSync(join(directory, 'signalbox.db')).mode & 0o777).toBe(0o600);
});
