import { enableCompileCache, registerHooks } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Modules that only gather others, by the end of their URL, and all that is used of them. Ink takes
 * one function out of a gathering of 400 files, and zod brings its messages in 50 languages.
 * Where these ends match nothing, the whole is loaded as ever.
 */
const gatherings: Readonly<Record<string, string>> = {
	'/es-toolkit/dist/compat/index.mjs':
		'export { default as throttle } from "es-toolkit/compat/throttle";',
	'/zod/v4/locales/index.js': 'export { default as en } from "./en.js";',
};

/** Halves the time that is spent on loading code. To be called before anything else is loaded. */
export const quickenStart = (env: NodeJS.ProcessEnv): void => {
	// A folder of the user's own: what lies there is run. Node's own choice is the shared /tmp.
	const caches = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
	enableCompileCache(join(caches, 'signalbox'));
	registerHooks({
		load: (url, context, nextLoad) => {
			const source = Object.entries(gatherings).find(([end]) => url.endsWith(end))?.[1];
			if (source === undefined) return nextLoad(url, context);
			return { format: 'module', shortCircuit: true, source };
		},
	});
};
