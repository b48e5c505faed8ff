import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Failure } from '../contract/failure.ts';
import type { CommandInput } from './command.ts';
import { withConnection } from './connection.ts';
import type { CommandEdges } from './edges.ts';
import { jsonText, table } from './output.ts';
import { connectionFlagsOf } from './settings.ts';

/**
 * `signalbox secret list`, `secret set NAME`, `secret delete NAME`. A value is read from standard
 * input or asked for, and is never an argument: those can be read by every user of the machine.
 */
export const secret = async (
	{ words: [action = '', name], flags }: CommandInput,
	edges: CommandEdges,
): Promise<number> => {
	const { stdout } = edges;
	const settings = connectionFlagsOf(flags, edges);
	if (action === 'list') {
		return withConnection(settings, edges, async ({ api }) => {
			const secrets = await api.listSecrets();
			const rows = secrets.map((each) => [each.name, each.created_at]);
			stdout.write(flags.json ? jsonText(secrets) : table(['NAME', 'CREATED'], rows));
			return 0;
		});
	}
	if (action !== 'set' && action !== 'delete') {
		throw new Failure('usage', `"${action}" is none of list, set NAME, delete NAME.`);
	}
	if (name === undefined) {
		throw new Failure('usage', `secret ${action} needs a name, e.g. secret ${action} github_pat.`);
	}
	const value = action === 'set' ? await readValue(name, edges) : '';
	return withConnection(settings, edges, async ({ api }) => {
		await (action === 'set' ? api.putSecret(name, value) : api.deleteSecret(name));
		stdout.write(
			flags.json ? jsonText({ name }) : `${action === 'set' ? 'stored' : 'deleted'} ${name}\n`,
		);
		return 0;
	});
};

const readValue = async (name: string, { stdin, stderr }: CommandEdges): Promise<string> => {
	const given = stdin.isTTY ? await ask(`value of ${name}: `, stdin, stderr) : await text(stdin);
	const value = given.replace(/\r?\n$/, '');
	if (value !== '') return value;
	throw new Failure('invalid', `The value of ${name} is empty: give it on standard input.`);
};

/** Asks without showing what is typed. */
const ask = async (
	question: string,
	input: NodeJS.ReadStream,
	stderr: NodeJS.WriteStream,
): Promise<string> => {
	stderr.write(question);
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const reader = createInterface({ input, output: nowhere, terminal: true });
	try {
		return await new Promise<string>((resolve, reject) => {
			reader.once('line', resolve);
			reader.once('close', () => reject(new Failure('usage', 'No value was given.')));
		});
	} finally {
		reader.close();
		stderr.write('\n');
	}
};
