/** What to wait for on the screen: a text, a pattern, or a test of the rows. */
export type Condition = string | RegExp | ((rows: readonly string[]) => boolean);

type Waiter = { check(): void; end(reason: string): void };

export type Waiters = {
	/** Resolves with the screen's rows as soon as they meet the condition, perhaps at once. */
	wait(condition: Condition, timeoutMs: number): Promise<string[]>;
	/** To be called after each change of the screen. */
	check(): void;
	/** To be called when nothing will change any more; also fails what is waited for later. */
	end(reason: string): void;
};

/**
 * Conditions on a screen, checked again whenever the screen has changed: no polling, no sleeping.
 *
 * @param screen the rows at present
 */
export const createWaiters = (screen: () => string[]): Waiters => {
	const waiters = new Set<Waiter>();
	let ended: string | undefined;
	return {
		wait(condition, timeoutMs) {
			return new Promise((resolve, reject) => {
				const fail = (reason: string): void => {
					finish();
					reject(new Error(`${reason}, waiting for ${describe(condition)}\n${framed(screen())}`));
				};
				const timer = setTimeout(() => fail(`not seen within ${timeoutMs} ms`), timeoutMs);
				const finish = (): void => {
					clearTimeout(timer);
					waiters.delete(waiter);
				};
				const waiter: Waiter = {
					check() {
						const rows = screen();
						if (!meets(rows, condition)) return;
						finish();
						resolve(rows);
					},
					end: fail,
				};
				waiters.add(waiter);
				waiter.check();
				if (ended !== undefined && waiters.has(waiter)) fail(ended);
			});
		},
		check() {
			for (const waiter of waiters) waiter.check();
		},
		end(reason) {
			ended = reason;
			for (const waiter of waiters) waiter.end(reason);
		},
	};
};

const meets = (rows: string[], condition: Condition): boolean => {
	if (typeof condition === 'function') return condition(rows);
	const text = rows.join('\n');
	// search() ignores the lastIndex that a pattern with the g flag drags along.
	return typeof condition === 'string' ? text.includes(condition) : text.search(condition) !== -1;
};

const describe = (condition: Condition): string =>
	typeof condition === 'string' ? JSON.stringify(condition) : String(condition);

const framed = (rows: readonly string[]): string => {
	const width = Math.max(...rows.map((row) => row.length), 20);
	const rule = '─'.repeat(width);
	return [`┌${rule}┐`, ...rows.map((row) => `│${row.padEnd(width)}│`), `└${rule}┘`].join('\n');
};
