import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';

const root = join(import.meta.dirname, '..', '..');
const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');

/** A file of the house, what it imports, and whether it may. */
const cases: readonly (readonly [file: string, imports: string, verdict: 'may' | 'may not'])[] = [
	['contract/x.ts', '../store/store.ts', 'may not'],
	['contract/y.ts', './status.ts', 'may'],
	['store/x.ts', '../planes/control-plane.ts', 'may not'],
	['store/y.ts', '../contract/status.ts', 'may'],
	['ssh/x.ts', '../store/store.ts', 'may not'],
	['ssh/y.ts', '../contract/ssh.ts', 'may'],
	['api/x.ts', '../client/feed.ts', 'may not'],
	['api/y.ts', '../contract/paths.ts', 'may'],
	['planes/baseten/y.ts', '../../api/rest-client.ts', 'may'],
	['planes/baseten/x.ts', '../../client/feed.ts', 'may not'],
	['planes/local/x.ts', '../../server/server.ts', 'may not'],
	['planes/local/y.ts', '../../ssh/hostname.ts', 'may'],
	['server/x.ts', '../planes/local/local-plane.ts', 'may not'],
	['server/y.ts', '../planes/control-plane.ts', 'may'],
	['client/x.ts', '../monitor/monitor.ts', 'may not'],
	['client/y.ts', '../contract/feeds.ts', 'may'],
	['monitor/x.ts', '../client/feed.ts', 'may not'],
	['monitor/x-react.ts', 'react', 'may not'],
	['monitor/x-node.ts', 'node:fs', 'may not'],
	['monitor/y.ts', '../contract/session.ts', 'may'],
	['ui/x.ts', '../client/feed.ts', 'may not'],
	['ui/x-net.ts', 'node:net', 'may not'],
	['ui/y.ts', '../monitor/monitor.ts', 'may'],
	['commands/x.ts', '../../test/temporary-directory.ts', 'may not'],
	['commands/y.ts', '../ui/render-app.tsx', 'may'],
];

/** The files in which the linter finds an import that points the wrong way. */
const lint = (directory: string): Promise<string[]> =>
	new Promise((resolve) => {
		const args = [biome, 'lint', '--only=style/noRestrictedImports', '--reporter=json', '.'];
		// Findings are its exit code; the report tells.
		execFile(process.execPath, args, { cwd: directory }, (_error, stdout) => {
			const files = [...stdout.matchAll(/source\/([\w./-]+?\.ts)/g)].map(([, file]) => file ?? '');
			resolve([...new Set(files)].toSorted());
		});
	});

test('imports point one way through the house', async () => {
	const directory = temporaryDirectory();
	const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
	writeFileSync(join(directory, 'biome.json'), JSON.stringify({ ...config, vcs: undefined }));
	for (const [file, imports] of cases) {
		const path = join(directory, 'source', file);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, `import { x } from '${imports}';\n\nx();\n`);
	}
	const forbidden = cases.filter(([, , verdict]) => verdict === 'may not');
	expect(await lint(directory)).toEqual(forbidden.map(([file]) => file).toSorted());
});
