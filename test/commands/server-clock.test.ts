import { expect, test } from 'vitest';
import { createServerClock } from '../../source/commands/server-clock.ts';

const answerAt = (serverMs: number) => async () =>
	new Response('', { headers: { date: new Date(serverMs).toUTCString() } });

test.each([
	['ahead', 600_000],
	['behind', -600_000],
])('a server that is %s', async (_what, skew) => {
	let now = 1_000_001;
	const clock = createServerClock(() => now, answerAt(now + skew));
	expect(clock.now()).toBe(now);
	await clock.fetch('http://server');
	expect(Math.abs(clock.now() - (now + skew))).toBeLessThan(1_000);
	expect(Number.isInteger(clock.now())).toBe(true);
	now += 5_000;
	expect(Math.abs(clock.now() - (now + skew))).toBeLessThan(1_000);
});

test('what the header cuts off is no difference, and a missing one changes nothing', async () => {
	const same = createServerClock(() => 1_000_900, answerAt(1_000_900));
	await same.fetch('http://server');
	expect(same.now()).toBe(1_000_900);
	const silent = createServerClock(
		() => 5,
		async () => new Response(''),
	);
	await silent.fetch('http://server');
	expect(silent.now()).toBe(5);
});
