import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readViewers } from '../../source/commands/viewers.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const token = 'a-token-of-good-length';

const read = (content: string, mode = 0o600) => {
	const path = join(temporaryDirectory(), 'team.yaml');
	writeFileSync(path, content, { mode });
	return readViewers(path);
};

test('a list of viewers', async () => {
	expect(await read(`- {name: ana, token: ${token}, access: read}\n`)).toEqual([
		{ name: 'ana', token, access: 'read' },
	]);
});

test.each([
	['[]', 0o600, 'list: must name somebody'],
	['x: 1', 0o600, 'expected array'],
	['- {name: ana, token: short, access: read}', 0o600, '0.token: must have at least 16 characters'],
	[`- {name: ana, token: ${token}, access: all}`, 0o600, '0.access: '],
	[`- {name: a b, token: ${token}, access: read}`, 0o600, '0.name: must be letters'],
	[
		`- {name: a, token: ${token}, access: read}\n- {name: b, token: ${token}, access: full}`,
		0o600,
		'two viewers have the same token',
	],
	[`- {name: ana, token: ${token}, access: read}`, 0o644, 'others can read it; first: chmod 600'],
	['- [', 0o600, 'team.yaml: '],
])('%j with mode %i is refused', async (content, mode, reason) => {
	const error = await read(content, mode).catch((cause: Error) => cause);
	expect(error).toBeInstanceOf(Error);
	expect((error as Error).message).toContain(reason);
	expect((error as Error).message).not.toContain(token);
});

test('a file that is not there', async () => {
	await expect(readViewers('/nonexistent/team.yaml')).rejects.toThrow('ENOENT');
});
