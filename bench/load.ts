/** How lines are written. */
export type Load = { readonly name: string; readonly perSecond: number; readonly seconds: number };

export const loads: readonly Load[] = [
	{ name: '200 lines/s', perSecond: 200, seconds: 10 },
	{ name: '300 lines/s', perSecond: 300, seconds: 10 },
	{ name: 'a burst of 50 000 lines in 1 s', perSecond: 50_000, seconds: 1 },
];

export const totalOf = ({ perSecond, seconds }: Load): number => perSecond * seconds;
/** Whether it is a burst: not each of its lines can be on a screen. */
export const isBurst = ({ perSecond }: Load): boolean => perSecond > 1_000;
