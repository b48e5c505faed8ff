const unitsMs: Readonly<Record<string, number>> = {
	s: 1_000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};

/** Ms of a span such as `90s`, `10m`, `1.5h` or `2d`; null for what is none. */
export const spanMs = (text: string): number | null => {
	const [, count, unit = ''] = /^(\d{1,9}(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
	return count === undefined ? null : Number(count) * (unitsMs[unit] ?? 0);
};
