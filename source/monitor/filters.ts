import type { LineFilter } from '../contract/line-filter.ts';
import { logLevels } from '../contract/log.ts';
import type { PatternText } from '../contract/pattern.ts';

/** One condition of the filter, as it is listed and removed. */
export type Condition =
	| { readonly kind: 'node' | 'level'; readonly label: string }
	| {
			readonly kind: 'include' | 'exclude';
			readonly index: number;
			readonly label: string;
	  };

/** `/loss \d/` for a regular expression, `"loss"` for plain text. */
export const patternLabel = ({ text, isPlain }: PatternText): string =>
	isPlain ? `"${text}"` : `/${text}/`;

/** The conditions of a filter, in the order in which they are shown. */
export const conditionsOf = ({
	node,
	level,
	include,
	exclude,
}: LineFilter): readonly Condition[] => [
	...(node === null ? [] : [{ kind: 'node' as const, label: `node ${node} only` }]),
	...(level === null ? [] : [{ kind: 'level' as const, label: `${level} and above` }]),
	...include.map((pattern, index) => ({
		kind: 'include' as const,
		index,
		label: `& ${patternLabel(pattern)}`,
	})),
	...exclude.map((pattern, index) => ({
		kind: 'exclude' as const,
		index,
		label: `! ${patternLabel(pattern)}`,
	})),
];

/** The filter without one of its conditions. */
export const withoutCondition = (filter: LineFilter, condition: Condition): LineFilter => {
	switch (condition.kind) {
		case 'node':
			return { ...filter, node: null };
		case 'level':
			return { ...filter, level: null };
		default: {
			const kept = filter[condition.kind].filter((_, index) => index !== condition.index);
			return { ...filter, [condition.kind]: kept };
		}
	}
};

/** Levels that the key walks through: no limit, then rising. */
const levelSteps = [null, ...logLevels.slice(1)] as const;

/** The least level after this one. */
export const nextLevel = (level: LineFilter['level']): LineFilter['level'] =>
	levelSteps[(levelSteps.indexOf(level) + 1) % levelSteps.length] ?? null;
