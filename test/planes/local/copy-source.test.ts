import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copySource } from '../../../source/planes/local/copy-source.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

test('a source that holds the data directory is copied without it', async () => {
	const source = temporaryDirectory();
	const data = join(source, 'share', 'data');
	const target = join(data, 'jobs', 'work');
	for (const folder of [target, join(source, '.git'), join(source, 'share', 'other')]) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'file'), '');
	}
	await copySource(source, target, data);
	expect(readdirSync(target, { recursive: true }).toSorted()).toEqual([
		'file',
		'share',
		'share/other',
		'share/other/file',
	]);
});

test('any other source is copied whole, but for its history', async () => {
	const source = temporaryDirectory();
	const target = join(temporaryDirectory(), 'work');
	mkdirSync(join(source, 'sub', '.git'), { recursive: true });
	writeFileSync(join(source, 'sub', 'file'), '');
	await copySource(source, target, '/elsewhere');
	expect(existsSync(join(target, 'sub', 'file'))).toBe(true);
	expect(existsSync(join(target, 'sub', '.git'))).toBe(false);
});
