/** Waits for a key on a terminal that nobody else reads from now. */
export const anyKey = async (stdin: NodeJS.ReadStream, abort: AbortSignal): Promise<void> => {
	if (abort.aborted) return;
	const { promise, resolve } = Promise.withResolvers<void>();
	const take = (): void => {
		while (stdin.read() !== null) resolve();
	};
	const leave = (): void => resolve();
	stdin.setRawMode(true);
	stdin.on('readable', take);
	abort.addEventListener('abort', leave);
	try {
		await promise;
	} finally {
		abort.removeEventListener('abort', leave);
		stdin.off('readable', take);
		stdin.setRawMode(false);
		stdin.pause();
	}
};
