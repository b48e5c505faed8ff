import { lossOf, numberedLine } from './loss.ts';

/** What arrived of numbered lines at a program that prints each line once, as rivals do. */
export type Arrival = {
	readonly lost: number;
	readonly doubled: number;
	/** Ms from writing to printing, of each line that came. */
	readonly lags: readonly number[];
	/** The lag of the very last line; NaN when it never came. */
	readonly tailMs: number;
};

/** Finds the numbered lines in what a program prints, however its pieces are cut. */
export class LineCounter {
	readonly #numbers: number[] = [];
	readonly #lags = new Map<number, number>();
	#rest = '';

	/** Takes a piece of text that came at `at`, ms since the epoch. */
	take(piece: string, at: number): void {
		const lines = (this.#rest + piece).split(/[\r\n]+/);
		this.#rest = lines.pop() ?? '';
		for (const line of lines) {
			for (const [, number, written] of line.matchAll(numberedLine)) {
				this.#numbers.push(Number(number));
				if (!this.#lags.has(Number(number))) this.#lags.set(Number(number), at - Number(written));
			}
		}
	}

	has(number: number): boolean {
		return this.#lags.has(number);
	}

	/** What came of the lines 0 to `total` - 1. */
	arrival(total: number): Arrival {
		return {
			...lossOf(this.#numbers, total),
			lags: [...this.#lags.values()],
			tailMs: this.#lags.get(total - 1) ?? Number.NaN,
		};
	}
}
