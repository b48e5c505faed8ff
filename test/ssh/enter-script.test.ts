import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { enterScript, environmentScript } from '../../source/planes/local/ssh/enter-script.ts';
import { writePrivateFile } from '../../source/ssh/private-file.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { run } from './run.ts';

const enter = async (environment: Record<string, string>, command: string) => {
	const directory = temporaryDirectory();
	const [script, values] = [join(directory, 'enter.sh'), join(directory, 'environment.sh')];
	await writePrivateFile(values, environmentScript(environment));
	await writePrivateFile(script, enterScript(values, directory));
	const env = { PATH: process.env['PATH'], SSH_ORIGINAL_COMMAND: command };
	return run('/bin/sh', [script], { env });
};

test('any value survives the shell', async () => {
	const value = fc.string({
		unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', 'é', '!', 'a'),
	});
	await fc.assert(
		fc.asyncProperty(value, async (text) => {
			const { stdout, stderr } = await enter({ VALUE: text }, 'printf %s "$VALUE"');
			expect([stdout, stderr]).toEqual([text, '']);
		}),
		{ numRuns: 30 },
	);
});

test('a variable that shells keep for themselves does not lock people out', async () => {
	const said = await enter({ UID: '1', PPID: '1', AFTER: 'there' }, 'echo $AFTER');
	expect(said).toEqual({ code: 0, stdout: 'there\n', stderr: '' });
});

test("the user's command is not left in the environment, and its code comes back", async () => {
	const said = await enter({}, 'echo "[$SSH_ORIGINAL_COMMAND]"; exit 9');
	expect(said).toEqual({ code: 9, stdout: '[]\n', stderr: '' });
});

test('a shell that is not there is replaced', async () => {
	expect(await enter({ SHELL: '/nonexistent/zsh' }, 'echo $SHELL')).toMatchObject({
		stdout: '/bin/sh\n',
	});
});

test.each(['A-B', '1A', '', 'A B', 'A;id'])('%j is no name of a variable', (name) => {
	expect(() => environmentScript({ [name]: 'x' })).toThrow('cannot be set in a shell');
});
