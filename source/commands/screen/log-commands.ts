import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Failure, messageOf } from '../../contract/failure.ts';
import { everyLine, type LineFilter } from '../../contract/line-filter.ts';
import { logPageLimit } from '../../contract/log.ts';
import { formatCount } from '../../monitor/footer.ts';
import type { MessageKind } from '../../monitor/state.ts';
import type { Commands, LogPlace } from '../../ui/commands.ts';
import { printHistory } from '../print-history.ts';
import { openSavedLog } from '../saved-log.ts';
import { readInProgram } from './read-in-program.ts';
import type { ScreenContext } from './screen-commands.ts';

type LogCommands = Pick<
	Commands,
	'loadPage' | 'findMatches' | 'cursorOf' | 'saveLog' | 'openLog' | 'setMouse'
>;

const errorsOnly: LineFilter = { ...everyLine, level: 'ERROR' };

/** What the keys of the log set off: lines, matches, places, and the log in other programs. */
export const createLogCommands = (
	context: ScreenContext,
	tell: (text: string, kind?: MessageKind) => void,
): LogCommands => {
	const { connection, job, monitor, edges, output } = context;
	const { api } = connection;
	const { training_project_id: project } = job;
	const { dispatch } = monitor;

	/** The nearest error on one side of a cursor; a look may end before it is found. */
	const errorFrom = async (
		place: { readonly before: number } | { readonly after: number },
	): Promise<number | null> => {
		let from = place;
		for (;;) {
			const query = { ...from, limit: 1, filter: errorsOnly };
			const { seqs, ...look } = await api.logMatches(project, job.id, query);
			const [seq] = seqs;
			if (seq !== undefined) return seq;
			if (look.to < look.from) return null;
			from = 'after' in from ? { after: look.to } : { before: look.from };
		}
	};

	const cursorOf = (place: LogPlace): Promise<number | null> => {
		switch (place.kind) {
			case 'time':
				return api.logCursorAt(project, job.id, Math.round(place.ms));
			case 'first-error':
				return errorFrom({ after: 0 });
			case 'last-failure':
				return errorFrom({ before: Number.MAX_SAFE_INTEGER });
			case 'error':
				return errorFrom('after' in place ? { after: place.after } : { before: place.before });
		}
	};

	const save = async (file: string, filter: LineFilter, doing: string): Promise<number> => {
		const saved = await openSavedLog(file, edges, (lines) =>
			tell(`${doing}: ${formatCount(lines)} lines`),
		);
		try {
			await printHistory(connection, job, 0, saved.print('plain'), filter);
			return await saved.finish();
		} finally {
			await saved.close();
		}
	};

	return {
		cursorOf,
		loadPage: (request) => {
			const { place, filter } = request;
			api.logsPage(project, job.id, { ...place, limit: logPageLimit, filter }).then(
				(reply) => dispatch({ type: 'page', request, reply }),
				() => dispatch({ type: 'page-failed', request }),
			);
		},
		findMatches: (look) => {
			const { place, filter } = look;
			api.logMatches(project, job.id, { ...place, limit: logPageLimit, filter }).then(
				(reply) => dispatch({ type: 'matches', look, reply }),
				(error: unknown) => dispatch({ type: 'matches-failed', look, error: messageOf(error) }),
			);
		},
		saveLog: async (given, filter) => {
			const file = resolve(edges.cwd, given.replace(/^~(?=\/|$)/, homedir()));
			if (await exists(file)) {
				throw new Failure('conflict', `${given} exists already: choose another name.`);
			}
			const lines = await save(file, filter, `saving ${given}`);
			tell(`saved ${formatCount(lines)} lines as ${file}`, 'ok');
		},
		openLog: (program, filter, suspend) =>
			readInProgram(context, program, suspend, (file) => save(file, filter, 'fetching the log')),
		setMouse: (isOn) => {
			output.stdout.write(isOn ? mouseOn : mouseOff);
		},
	};
};

/** Reports of the wheel and buttons, in the form without limits (xterm's ctlseqs). */
const mouseOn = '\x1b[?1000h\x1b[?1006h';
const mouseOff = '\x1b[?1006l\x1b[?1000l';

const exists = (file: string): Promise<boolean> =>
	access(file).then(
		() => true,
		() => false,
	);
