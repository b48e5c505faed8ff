import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../ssh/run.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

test('of what only gathers modules, no more is loaded than is used', async () => {
	const cache = temporaryDirectory();
	const script = `
		const { quickenStart } = await import('./source/commands/quick-start.ts');
		quickenStart({ XDG_CACHE_HOME: process.argv[1] });
		const { locales, z } = await import('zod');
		const compat = await import('es-toolkit/compat');
		const { render } = await import('ink');
		const { error } = z.string().safeParse(1);
		console.log(JSON.stringify([
			Object.keys(locales), Object.keys(compat), typeof render, error.issues[0].message,
		]));`;
	const { stdout, stderr } = await run(
		process.execPath,
		['--input-type=module', '-e', script, cache],
		{ env: { PATH: process.env['PATH'] } },
	);
	expect([stdout.trim(), stderr]).toEqual([
		JSON.stringify([
			['en'],
			['throttle'],
			'function',
			'Invalid input: expected string, received number',
		]),
		'',
	]);
	const kept = join(cache, 'signalbox');
	expect(statSync(kept).isDirectory()).toBe(true);
	expect(readdirSync(kept).length).toBeGreaterThan(0);
});
