import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readCommandLine } from '../../source/commands/command-line.ts';

const root = join(import.meta.dirname, '..', '..');
const pages = [
	'readme.md',
	'changelog.md',
	...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.md'))
		.map((name) => join('docs', name)),
];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

test.each(pages)('every file that %s links to is there', (page) => {
	const targets = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
		([, to]) => to ?? '',
	);
	const folder = join(root, dirname(page));
	expect(targets.filter((target) => !existsSync(join(folder, target)))).toEqual([]);
});

test('the readme shows only command lines that signalbox understands', () => {
	const blocks = [...textOf('readme.md').matchAll(/^```sh\n(.*?)^```/gms)].map(([, text]) => text);
	const lines = [...blocks.join('').matchAll(/^signalbox\b *([^#<\n]*)/gm)].map(
		([, line = '']) => line,
	);
	expect(lines.length).toBeGreaterThan(10);
	for (const line of lines) {
		const argv = line.split(' ').filter((word) => word !== '');
		expect(() => readCommandLine(argv), line).not.toThrow();
	}
});

test('docs/decisions.md says of each dependency why it is there', () => {
	const { dependencies, devDependencies } = JSON.parse(textOf('package.json'));
	const decisions = textOf('docs/decisions.md');
	const names = Object.keys({ ...dependencies, ...devDependencies });
	expect(names.filter((name) => !decisions.includes(`\`${name}\``))).toEqual([]);
});
