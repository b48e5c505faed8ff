import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { closestMatch } from 'leven';
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { Failure, messageOf } from '../contract/failure.ts';
import { ParseFailure, parse } from '../contract/parse.ts';
import { type CreateTrainingJob, createTrainingJobSchema } from '../contract/training-job.ts';

/** Fields of a job that the Baseten training API knows and the local plane passes over. */
const unreadFields = ['weights', 'enable_baseten_workdir'];

export type JobFile = {
	/** Name of the project that the job belongs to. */
	readonly project: string;
	readonly job: CreateTrainingJob;
};

/**
 * Reads a job file: YAML, of which JSON is a part. The project is what the file says, else the
 * name of the file's folder, from which each node starts with a copy.
 * @throws Failure `invalid` with file, line and field, e.g.
 * `job.yaml:7: compute.node_count: must be at most 64`.
 */
export const readJobFile = async (path: string): Promise<JobFile> => {
	const lines = new LineCounter();
	const document = parseDocument(await readText(path), { lineCounter: lines });
	const at = (offset: number): string => `${path}:${lines.linePos(offset).line}`;
	const [syntax] = document.errors;
	if (syntax) throw new Failure('invalid', `${at(syntax.pos[0])}: ${firstLine(syntax.message)}`);
	if (!isMap(document.contents)) {
		throw new Failure('invalid', `${path}: must hold the fields of a job, e.g. runtime.`);
	}
	const wrapped = document.hasIn(['training_job']);
	const prefix = wrapped ? ['training_job'] : [];
	const place = (field: readonly PropertyKey[]): string =>
		`${at(offsetOf(document, [...prefix, ...field]))}: `;
	const content = wrapped ? document.toJS().training_job : document.toJS();
	const { project, ...fields } = { project: document.get('project'), ...Object(content) };
	refuseUnknown(Object.keys(fields), place);
	if (project !== undefined && (typeof project !== 'string' || project === '')) {
		throw new Failure('invalid', `${at(offsetOf(document, ['project']))}: project: must be a name`);
	}
	const folder = dirname(resolve(path));
	const job = parseFields(fields, place);
	return {
		project: project ?? basename(folder),
		job: { ...job, source_directory: resolve(folder, job.source_directory ?? '.') },
	};
};

const readText = async (path: string): Promise<string> => {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		throw new Failure('not_found', `Cannot read the job file ${path}: ${messageOf(error)}.`, {
			cause: error,
		});
	}
};

/** A mistyped field would be passed over in silence, and the job run without it. */
const refuseUnknown = (
	names: readonly string[],
	place: (field: readonly PropertyKey[]) => string,
): void => {
	const known = [...Object.keys(createTrainingJobSchema.shape), ...unreadFields];
	const unknown = names.find((name) => !known.includes(name));
	if (unknown === undefined) return;
	const near = closestMatch(unknown, known, { maxDistance: 4 });
	const hint = near === undefined ? `Known are ${known.join(', ')}.` : `Did you mean ${near}?`;
	throw new Failure('invalid', `${place([unknown])}${unknown}: there is no such field. ${hint}`);
};

const parseFields = (
	fields: unknown,
	place: (field: readonly PropertyKey[]) => string,
): CreateTrainingJob => {
	try {
		return parse(createTrainingJobSchema, fields);
	} catch (error) {
		if (!(error instanceof ParseFailure)) throw error;
		throw new Failure('invalid', `${place(error.path)}${error.message}`, { cause: error });
	}
};

/** Where a field stands; where its nearest parent does, when the field itself is missing. */
const offsetOf = (document: Document, path: readonly PropertyKey[]): number => {
	for (let length = path.length; length > 0; length -= 1) {
		const parent = document.getIn(path.slice(0, length - 1), true);
		const key = path[length - 1];
		const pair = isMap(parent)
			? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
			: undefined;
		const node = (pair?.key ?? document.getIn(path.slice(0, length), true)) as Node | undefined;
		if (node?.range) return node.range[0];
	}
	return 0;
};

const firstLine = (text: string): string => text.split('\n')[0]?.replace(/:$/, '') ?? text;
