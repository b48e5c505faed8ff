import process from 'node:process';
import { readSettings } from './settings.mjs';
import { train } from './training.mjs';

const exitStopped = 128 + 15;

const main = async () => {
	const settings = readSettings(process.env);
	const stop = new AbortController();
	process.on('SIGTERM', () => {
		console.log('WARNING SIGTERM received, stopping after this step');
		stop.abort(new Error('stopped before all nodes had joined'));
	});
	try {
		const finished = await train(settings, { stopping: stop.signal, log: console.log });
		return finished ? 0 : exitStopped;
	} catch (error) {
		console.error(`ERROR node ${settings.rank}: ${error.message}`);
		return stop.signal.aborted ? exitStopped : 1;
	}
};

// An explicit exit: sockets of nodes that are still waiting must not keep this one alive.
process.exit(
	await main().catch((error) => {
		console.error(`ERROR ${error.message}`);
		return 2;
	}),
);
