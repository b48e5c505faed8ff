import { everyLine, withoutStyles } from '../contract/line-filter.ts';
import { conditionsOf, nextLevel, withoutCondition } from '../monitor/filters.ts';
import { parseGoto } from '../monitor/goto.ts';
import { lookingFrom } from '../monitor/jump.ts';
import type { CommandId } from '../monitor/keys.ts';
import { selectionOf, topOf, visibleRows } from '../monitor/log-view.ts';
import { openPattern } from '../monitor/pattern-prompt.ts';
import type { PatternPrompt } from '../monitor/state.ts';
import type { LogPlace } from './commands.ts';
import { type Controls, open, run, warn } from './controls.ts';

const ask = (controls: Controls, use: PatternPrompt['use']): void => {
	const { overlay } = openPattern(controls.monitor.getState(), use);
	if (overlay !== null) open(controls, overlay);
};

/** The jumps of a screen that are under way, one after the other: each looks from where the last led. */
const going = new WeakMap<Controls['monitor'], Promise<void>>();

/** Goes to a place that the server finds. `label`: what is looked for, for people. */
const goTo = (controls: Controls, label: string, placeOf: () => LogPlace): void => {
	const { monitor, commands } = controls;
	const go = (): Promise<void> =>
		run(controls, `looking for ${label}`, async () => {
			const place = placeOf();
			const seq = await commands.cursorOf(place);
			if (seq === null) warn(controls, `there is no ${label}`);
			else monitor.dispatch({ type: 'jump', seq, isCentred: place.kind !== 'time' });
		});
	going.set(monitor, (going.get(monitor) ?? Promise.resolve()).then(go));
};

const goToError = (controls: Controls, by: 1 | -1): void => {
	const from = (): number => lookingFrom(controls.monitor.getState());
	if (by === 1) goTo(controls, 'later error', () => ({ kind: 'error', after: from() }));
	else goTo(controls, 'earlier error', () => ({ kind: 'error', before: from() }));
};

const submitGoto = (controls: Controls): void => {
	const { monitor, now } = controls;
	const { overlay, clockOffset, logFirst, log } = monitor.getState();
	if (overlay?.kind !== 'goto') return;
	if (overlay.text.trim() === '') {
		monitor.dispatch({ type: 'close' });
		return;
	}
	const place = parseGoto(overlay.text, now() + clockOffset);
	if ('error' in place) {
		monitor.dispatch({ type: 'refuse', error: place.error });
		return;
	}
	monitor.dispatch({ type: 'close' });
	if (place.kind === 'line') {
		const seq = Math.min(logFirst + place.line - 1, Math.max(log.last, logFirst));
		monitor.dispatch({ type: 'jump', seq, isCentred: false });
	} else goTo(controls, words[place.kind], () => place);
};

const words = {
	time: 'line of that time',
	'first-error': 'error',
	'last-failure': 'error',
} as const;

const removeFilter = (controls: Controls): void => {
	const { monitor } = controls;
	const { overlay, filters } = monitor.getState();
	if (overlay?.kind !== 'filters') return;
	const conditions = conditionsOf(filters);
	const condition = conditions[overlay.choice];
	if (condition === undefined) return;
	monitor.dispatch({ type: 'filters', filters: withoutCondition(filters, condition) });
	if (conditions.length === 1) monitor.dispatch({ type: 'close' });
	else monitor.dispatch({ type: 'choose', by: 0 });
};

const openFilters = (controls: Controls): void => {
	const { filters } = controls.monitor.getState();
	if (conditionsOf(filters).length > 0) open(controls, { kind: 'filters', choice: 0 });
	else warn(controls, 'no filter hides lines: & ! l and the digits set one');
};

const copyRange = (controls: Controls, first: number, last: number): void => {
	const { log, shown } = controls.monitor.getState();
	const lines: string[] = [];
	for (let seq = shown.next(first); seq !== null && seq <= last; seq = shown.next(seq + 1)) {
		lines.push(withoutStyles(log.line(seq)?.text ?? ''));
	}
	const count = lines.length === 1 ? '1 line' : `${lines.length} lines`;
	if (lines.length === 0) warn(controls, 'there are no lines to copy');
	else void run(controls, 'copying', () => controls.commands.copy(lines.join('\n'), count));
};

const copyShown = (controls: Controls): void => {
	const rows = visibleRows(controls.monitor.getState());
	copyRange(controls, rows[0]?.seq ?? 0, rows.at(-1)?.seq ?? -1);
};

const openSelect = (controls: Controls): void => {
	const state = controls.monitor.getState();
	const last = visibleRows(state).at(-1)?.seq;
	const top = topOf(state);
	if (last === undefined || top === null) {
		warn(controls, 'there are no lines to choose from');
		return;
	}
	// What is being chosen must not move away.
	if (state.view.mode === 'follow') controls.monitor.dispatch({ type: 'toggle-follow' });
	open(controls, { kind: 'select', from: last, to: last });
};

const copySelected = (controls: Controls): void => {
	const { overlay } = controls.monitor.getState();
	if (overlay?.kind !== 'select') return;
	controls.monitor.dispatch({ type: 'close' });
	copyRange(controls, ...selectionOf(overlay));
};

const submitSave = (controls: Controls): void => {
	const { monitor, commands } = controls;
	const { overlay, filters } = monitor.getState();
	if (overlay?.kind !== 'save') return;
	const file = overlay.text.trim();
	if (file === '') {
		monitor.dispatch({ type: 'refuse', error: 'type the name of a file' });
		return;
	}
	monitor.dispatch({ type: 'close' });
	const filter = overlay.isWhole ? everyLine : filters;
	void run(controls, `saving ${file}`, () => commands.saveLog(file, filter));
};

const openSave = (controls: Controls): void => {
	const { job } = controls.monitor.getState();
	open(controls, { kind: 'save', text: `${job}.log`, isWhole: false, error: null });
};

const openLog = (controls: Controls, program: 'pager' | 'editor'): void => {
	const { monitor, commands, suspend } = controls;
	const { filters } = monitor.getState();
	void run(controls, 'fetching the log', () => commands.openLog(program, filters, suspend));
};

const toggleMouse = (controls: Controls): void => {
	const { monitor } = controls;
	monitor.dispatch({ type: 'toggle-mouse' });
	const { hasMouse } = monitor.getState();
	const text = hasMouse
		? 'the wheel scrolls the log; hold shift to select text'
		: 'the terminal has the mouse: select text as usual';
	monitor.dispatch({ type: 'message', kind: 'info', text, at: controls.now() });
};

type Act = (controls: Controls, key: string) => void;

const close: Act = ({ monitor }) => monitor.dispatch({ type: 'close' });
const erase: Act = ({ monitor }) => monitor.dispatch({ type: 'erase' });

/** What the keys do that find, filter and carry away lines of the log. */
export const logActions = {
	fold: ({ monitor }) => monitor.dispatch({ type: 'toggle-fold' }),
	level: ({ monitor }) => {
		const { filters } = monitor.getState();
		monitor.dispatch({ type: 'filters', filters: { ...filters, level: nextLevel(filters.level) } });
	},
	mouse: toggleMouse,
	search: (controls) => ask(controls, 'search'),
	include: (controls) => ask(controls, 'include'),
	exclude: (controls) => ask(controls, 'exclude'),
	'find-next': ({ monitor, now }) => monitor.dispatch({ type: 'find', by: 1, at: now() }),
	'find-previous': ({ monitor, now }) => monitor.dispatch({ type: 'find', by: -1, at: now() }),
	filters: openFilters,
	goto: (controls) => open(controls, { kind: 'goto', text: '', error: null }),
	'error-next': (controls) => goToError(controls, 1),
	'error-previous': (controls) => goToError(controls, -1),
	'first-error': (controls) => goTo(controls, 'error', () => ({ kind: 'first-error' })),
	'last-failure': (controls) => goTo(controls, 'error', () => ({ kind: 'last-failure' })),
	bookmark: ({ monitor }) => monitor.dispatch({ type: 'bookmark' }),
	'bookmark-next': ({ monitor, now }) =>
		monitor.dispatch({ type: 'to-bookmark', by: 1, at: now() }),
	'bookmark-previous': ({ monitor, now }) =>
		monitor.dispatch({ type: 'to-bookmark', by: -1, at: now() }),
	'copy-lines': copyShown,
	select: openSelect,
	save: openSave,
	pager: (controls) => openLog(controls, 'pager'),
	'open-log': (controls) => openLog(controls, 'editor'),
	'pattern-submit': ({ monitor }) => monitor.dispatch({ type: 'submit-pattern' }),
	'pattern-plain': ({ monitor }) => monitor.dispatch({ type: 'toggle-plain' }),
	'pattern-recall': ({ monitor }) => monitor.dispatch({ type: 'recall-pattern' }),
	'pattern-erase': erase,
	'pattern-close': ({ monitor }) => monitor.dispatch({ type: 'cancel-pattern' }),
	'goto-submit': submitGoto,
	'goto-erase': erase,
	'goto-close': close,
	'filters-previous': ({ monitor }) => monitor.dispatch({ type: 'choose', by: -1 }),
	'filters-next': ({ monitor }) => monitor.dispatch({ type: 'choose', by: 1 }),
	'filters-remove': removeFilter,
	'filters-clear': ({ monitor }) => {
		monitor.dispatch({ type: 'filters', filters: everyLine });
		monitor.dispatch({ type: 'close' });
	},
	'filters-close': close,
	'select-line-up': ({ monitor }) => monitor.dispatch({ type: 'extend-selection', lines: -1 }),
	'select-line-down': ({ monitor }) => monitor.dispatch({ type: 'extend-selection', lines: 1 }),
	'select-page-up': ({ monitor }) => monitor.dispatch({ type: 'extend-selection', screens: -1 }),
	'select-page-down': ({ monitor }) => monitor.dispatch({ type: 'extend-selection', screens: 1 }),
	'select-copy': copySelected,
	'select-close': close,
	'save-submit': submitSave,
	'save-whole': ({ monitor }) => monitor.dispatch({ type: 'toggle-whole' }),
	'save-erase': erase,
	'save-close': close,
} as const satisfies Partial<Record<CommandId, Act>>;
