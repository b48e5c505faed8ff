/** Resolves with the first of the signals that arrives; until then it keeps them from ending us. */
export const untilSignal = (signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> =>
	new Promise((resolve) => {
		const take = (signal: NodeJS.Signals): void => {
			for (const each of signals) process.off(each, take);
			resolve(signal);
		};
		for (const each of signals) process.on(each, take);
	});
