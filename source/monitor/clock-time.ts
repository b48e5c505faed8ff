const digits = (value: number, length: number): string => String(value).padStart(length, '0');

/** Epoch ms as `12:01:03.221` in the user's time zone, as wide in blanks when it is NaN. */
export const formatTime = (time: number): string => {
	if (Number.isNaN(time)) return ' '.repeat(12);
	const date = new Date(time);
	const clock = [date.getHours(), date.getMinutes(), date.getSeconds()];
	return `${clock.map((part) => digits(part, 2)).join(':')}.${digits(date.getMilliseconds(), 3)}`;
};
