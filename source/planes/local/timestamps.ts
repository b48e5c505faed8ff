/**
 * Time stamps of lines that arrived together: the present epoch time in ns, as decimal strings,
 * each one ns after the one before, so that they keep their order in a range by time.
 */
export const nanosecondStamps = (
	count: number,
	nowMs: number = performance.timeOrigin + performance.now(),
): ((index: number) => string) => {
	const first = BigInt(Math.round(nowMs * 1000)) * 1000n - BigInt(count);
	return (index) => String(first + BigInt(index));
};
