import {
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
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

test('files that come and go while it copies do no harm, and links stay links', async () => {
	const source = temporaryDirectory();
	const target = join(temporaryDirectory(), 'work');
	for (let file = 0; file < 200; file++) writeFileSync(join(source, `kept-${file}`), 'x');
	symlinkSync('kept-1', join(source, 'link'));
	let isCopying = true;
	const churn = async (): Promise<void> => {
		for (let round = 0; isCopying; round++) {
			const path = join(source, `z-${round % 50}.tmp`);
			writeFileSync(path, 'x');
			await new Promise((done) => setImmediate(done));
			rmSync(path);
		}
	};
	const churning = churn();
	for (let copy = 0; copy < 5; copy++) await copySource(source, `${target}${copy}`, '/elsewhere');
	isCopying = false;
	await churning;
	for (let copy = 0; copy < 5; copy++) {
		const names = readdirSync(`${target}${copy}`).filter((name) => name.startsWith('kept'));
		expect(names).toHaveLength(200);
		expect(lstatSync(join(`${target}${copy}`, 'link')).isSymbolicLink()).toBe(true);
	}
});
