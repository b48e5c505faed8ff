import { useEffect, useState } from 'react';

const second = 1000;

/**
 * The one clock of all countdowns: calls `tick` with the time, and draws, at each full second.
 * @param now ms of this machine's clock.
 */
export const useSecond = (now: () => number, tick: (at: number) => void): void => {
	const [, draw] = useState(0);
	useEffect(() => {
		let timer: NodeJS.Timeout;
		const beat = (): void => {
			const at = now();
			tick(at);
			draw(at);
			timer = setTimeout(beat, second - (at % second));
		};
		timer = setTimeout(beat, second - (now() % second));
		return () => clearTimeout(timer);
	}, [now, tick]);
};
